#!/bin/bash
# Slurm, without a queue: a shard per task of an array, on a file system that all share.
#   sbatch --array=1-50 slurm.sh sweep.yaml
#   sim merge results/shards/*        once all are done
# A task that was killed goes on where it was:
#   SHARDS=50 sbatch --array=7 slurm.sh sweep.yaml
#SBATCH --job-name=howdah
#SBATCH --cpus-per-task=4
#SBATCH --mem=8G
#SBATCH --time=12:00:00
#SBATCH --requeue
set -euo pipefail

sweep=${1:?name a sweep file}
index=$SLURM_ARRAY_TASK_ID
# All tasks of the design, also where only some are submitted again.
count=${SHARDS:-$SLURM_ARRAY_TASK_COUNT}
sim=${SIM:-npx sim}

exec $sim sweep "$sweep" --shard "$index/$count" --jobs "${SLURM_CPUS_PER_TASK:-1}" \
  --out "results/shards/$index-of-$count" --resume --quiet
