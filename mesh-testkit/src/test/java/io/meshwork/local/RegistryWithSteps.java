package io.meshwork.local;

import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.registry.Registry;
import java.util.SortedSet;
import java.util.function.Consumer;

/** Runs a step of a test before each commit, and before the partitions are listed. */
final class RegistryWithSteps extends ForwardingRegistry {
  private final Consumer<Transaction> beforeCommit;
  private final Runnable beforeCopy;

  RegistryWithSteps(Registry real, Consumer<Transaction> beforeCommit, Runnable beforeCopy) {
    super(real);
    this.beforeCommit = beforeCommit;
    this.beforeCopy = beforeCopy;
  }

  @Override
  public Outcome commit(Transaction transaction) {
    beforeCommit.accept(transaction);
    return super.commit(transaction);
  }

  @Override
  public SortedSet<String> partitions() {
    beforeCopy.run();
    return super.partitions();
  }
}
