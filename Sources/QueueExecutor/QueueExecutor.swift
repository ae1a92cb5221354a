// QueueExecutor
