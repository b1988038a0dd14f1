// PHOLD on std::priority_queue: what a careful C++ programmer has with the standard library.
// Usage: phold PENDING EVENTS WARM_UP < delays; prints events per second of
// processor time and the checksum.
// The model is bench/phold-model.ts.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <queue>
#include <utility>
#include <vector>

struct Event {
  int64_t time;
  int64_t order;
  int32_t receiver;
  int32_t sender;
  int32_t slot;
};

struct IsAfter {
  bool operator()(const Event& a, const Event& b) const {
    if (a.time != b.time) return a.time > b.time;
    if (a.receiver != b.receiver) return a.receiver > b.receiver;
    if (a.sender != b.sender) return a.sender > b.sender;
    return a.order > b.order;
  }
};

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const int32_t pending = std::atoi(argv[1]);
  const int32_t events = std::atoi(argv[2]);
  const int32_t warm_up = std::atoi(argv[3]);
  std::vector<int32_t> delays;
  for (int32_t delay; std::scanf("%d", &delay) == 1;) delays.push_back(delay);
  if (delays.size() != 4096) return 2;

  std::vector<Event> storage;
  storage.reserve(pending + 1);
  std::priority_queue<Event, std::vector<Event>, IsAfter> queue(IsAfter(), std::move(storage));
  uint32_t state = 12345;
  uint32_t checksum = 0;
  int64_t order = 0;
  auto next = [&state]() {
    state += 0x6d2b79f5;
    uint32_t z = (state ^ (state >> 15)) * (state | 1);
    z ^= z + (z ^ (z >> 7)) * (z | 61);
    return z ^ (z >> 14);
  };
  auto delay_of = [&delays](uint32_t draw) {
    return static_cast<int64_t>(delays[draw >> 20] + static_cast<int32_t>(draw & 0xffff));
  };
  auto step = [&]() {
    const Event event = queue.top();
    queue.pop();
    checksum = checksum * 31 + static_cast<uint32_t>(event.receiver);
    const uint32_t draw = next();
    const int32_t receiver = static_cast<int32_t>((draw >> 3) % static_cast<uint32_t>(pending));
    queue.push({event.time + delay_of(draw), order++, receiver, event.receiver, event.slot});
  };

  for (int32_t i = 0; i < pending; i++) queue.push({delay_of(next()), order++, i, i, i});
  for (int32_t i = 0; i < warm_up; i++) step();
  const std::clock_t start = std::clock();
  for (int32_t i = 0; i < events; i++) step();
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  std::printf("%.0f %d\n", events / seconds, static_cast<int32_t>(checksum));
  return 0;
}
