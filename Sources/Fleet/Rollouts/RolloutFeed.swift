/// Wakes those who follow a rollout, each of whom reads the rollout's file from where it stands.
public typealias RolloutFeed = TailFeed<RolloutID>
