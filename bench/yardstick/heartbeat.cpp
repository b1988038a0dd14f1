// The bare heartbeat model on std::priority_queue: what a careful C++ programmer has with the
// standard library. Heartbeats, answers, crashes and repairs; no overlay, election, model, rules
// or measurement. The same model as bench/yardstick/heartbeat-closures.ts.
// Usage: heartbeat RESOURCES MANAGERS START_S SECONDS; prints messages delivered per second of
// processor time, in the SECONDS after START_S.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <queue>
#include <vector>

enum Kind : int32_t { BEAT, HEARTBEAT, ANSWER, CRASH, REPAIR };

struct Event {
  int64_t time;
  int64_t order;
  int32_t receiver;
  int32_t sender;
  int32_t kind;
};

struct IsAfter {
  bool operator()(const Event& a, const Event& b) const {
    if (a.time != b.time) return a.time > b.time;
    if (a.receiver != b.receiver) return a.receiver > b.receiver;
    if (a.sender != b.sender) return a.sender > b.sender;
    return a.order > b.order;
  }
};

constexpr int64_t PERIOD_US = 10'000'000;
constexpr double LIFETIME_US = 10'000e6;
constexpr double REPAIR_US = 100e6;

class Model {
 public:
  int64_t delivered = 0;

  // Nodes 0 to managers - 1 are managers, the first of them the coordinator.
  Model(int32_t resources, int32_t managers)
      : managers_(managers), nodes_(resources + managers), heard_us_(nodes_), answered_us_(nodes_),
        up_(nodes_, true), counters_(nodes_) {
    for (int32_t node = 1; node < nodes_; node++) {
      at(static_cast<int64_t>(uniform() * PERIOD_US), node, node, BEAT);
      if (node >= managers) at(exponential(LIFETIME_US), node, node, CRASH);
    }
  }

  void advance(int64_t until_us) {
    while (!queue_.empty() && queue_.top().time < until_us) {
      const Event event = queue_.top();
      queue_.pop();
      now_us_ = event.time;
      handle(event);
    }
  }

 private:
  void handle(const Event& event) {
    const int32_t node = event.receiver;
    switch (event.kind) {
      case BEAT:
        at(PERIOD_US, node, node, BEAT);
        if (up_[node]) send(node, node < managers_ ? 0 : node % managers_, HEARTBEAT);
        break;
      case HEARTBEAT:
        delivered++;
        heard_us_[event.sender] = now_us_;
        send(node, event.sender, ANSWER);
        break;
      case ANSWER:
        delivered++;
        answered_us_[node] = now_us_;
        break;
      case CRASH:
        up_[node] = false;
        at(exponential(REPAIR_US), node, node, REPAIR);
        break;
      default:
        up_[node] = true;
        at(exponential(LIFETIME_US), node, node, CRASH);
    }
  }

  void send(int32_t from, int32_t to, Kind kind) {
    at(20'000 + static_cast<int64_t>(uniform() * 60'000), to, from, kind);
  }

  void at(int64_t delay_us, int32_t receiver, int32_t sender, Kind kind) {
    queue_.push({now_us_ + delay_us, counters_[sender]++, receiver, sender, kind});
  }

  int64_t exponential(double mean) {
    return static_cast<int64_t>(-std::log(1 - uniform()) * mean);
  }

  double uniform() {
    state_ += 0x9e3779b97f4a7c15;
    uint64_t z = (state_ ^ (state_ >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
  }

  const int32_t managers_;
  const int32_t nodes_;
  std::vector<int64_t> heard_us_;
  std::vector<int64_t> answered_us_;
  std::vector<uint8_t> up_;
  std::vector<int64_t> counters_;
  std::priority_queue<Event, std::vector<Event>, IsAfter> queue_;
  int64_t now_us_ = 0;
  uint64_t state_ = 12345;
};

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  Model model(std::atoi(argv[1]), std::atoi(argv[2]));
  const int64_t start_us = std::atoll(argv[3]) * 1'000'000;
  model.advance(start_us);
  const int64_t before = model.delivered;
  const std::clock_t start = std::clock();
  model.advance(start_us + std::atoll(argv[4]) * 1'000'000);
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  std::printf("%.0f\n", static_cast<double>(model.delivered - before) / seconds);
  return 0;
}
