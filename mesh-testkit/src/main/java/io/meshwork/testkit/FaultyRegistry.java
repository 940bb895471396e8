package io.meshwork.testkit;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.registry.Registry.Transaction.Action;
import io.meshwork.testkit.Faults.Phase;
import io.meshwork.testkit.Faults.Port;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Forwards each call to another registry, unless a fault meets the call. Thread-safe. */
final class FaultyRegistry implements Registry {
  private final Registry real;
  private final Faults faults;

  FaultyRegistry(Registry real, Faults faults) {
    this.real = real;
    this.faults = faults;
  }

  @Override
  public Optional<Document> read(Key key) {
    return faults.call(
        Port.REGISTRY_READ,
        key.partition() + "/" + key.sort(),
        () -> real.read(key),
        () -> failed(MeshAction.of(Verb.READ, "a document")));
  }

  @Override
  public Page list(String partition, String sortPrefix, @Nullable String cursor) {
    return faults.call(
        Port.REGISTRY_LIST,
        partition + "/" + sortPrefix,
        () -> real.list(partition, sortPrefix, cursor),
        () -> failed(MeshAction.of(Verb.LIST, "documents")));
  }

  @Override
  public SortedSet<String> partitions() {
    return faults.call(
        Port.REGISTRY_LIST,
        "",
        real::partitions,
        () -> failed(MeshAction.of(Verb.LIST, "the partitions of the registry")));
  }

  @Override
  public Outcome commit(Transaction transaction) {
    InjectedFault fault = faults.meet(Port.REGISTRY_COMMIT, transaction.partition(), 1);
    if (fault.delays()) {
      faults.hold(real, transaction);
      Faults.throwCrash(fault);
      return Outcome.UNKNOWN;
    }
    if (fault.kind() == InjectedFault.Kind.CONFLICT) {
      return Outcome.conflict(transaction.actions().stream().map(Action::key).toList());
    }
    if (losesReply(fault)) {
      real.commit(transaction);
      return Outcome.UNKNOWN;
    }
    return Faults.call(
        fault,
        () -> real.commit(transaction),
        () ->
            fault.kind() == InjectedFault.Kind.FAIL_AFTER
                ? broken()
                : failed(MeshAction.of(Verb.COMMIT, "the registry")));
  }

  @Override
  public Outcome resolve(String partition, String attemptId) {
    InjectedFault fault = faults.meet(Port.REGISTRY_RESOLVE, partition, 1);
    if (losesReply(fault)) {
      real.resolve(partition, attemptId);
      return Outcome.UNKNOWN;
    }
    if (!fault.does() && fault.kind() != InjectedFault.Kind.CRASH) {
      return Outcome.UNKNOWN;
    }
    return Faults.call(fault, () -> real.resolve(partition, attemptId), FaultyRegistry::broken);
  }

  /** Not a recorded call. */
  @Override
  public Runnable awaitTurn(String partition, boolean conflicted, Duration atMost)
      throws InterruptedException {
    faults.requireAlive();
    return real.awaitTurn(partition, conflicted, atMost);
  }

  /** Not a recorded call. */
  @Override
  public boolean dropReplaced(String partition) {
    faults.requireAlive();
    return real.dropReplaced(partition);
  }

  /** Returns the time of earlier responses; not a recorded call. */
  @Override
  public Optional<Instant> time() {
    faults.requireAlive();
    return real.time();
  }

  /** Releases resources even after a crash, as the operating system does. */
  @Override
  public void close() {
    real.close();
  }

  private static boolean losesReply(InjectedFault fault) {
    return fault.kind() == InjectedFault.Kind.LOSE_REPLY
        || (fault.kind() == InjectedFault.Kind.CRASH && fault.phase() == Phase.REPLY_LOST);
  }

  private static BackendException failed(MeshAction action) {
    return Failure.of(action)
        .because("a test made the registry fail")
        .fix("Run it again.")
        .passing(ErrorCode.BACKEND_FAILED);
  }

  /** Returns an unexpected exception, which does not report whether the call took effect. */
  private static UncheckedIOException broken() {
    return new UncheckedIOException(new IOException("A test broke the connection to the registry"));
  }
}
