package io.meshwork.testkit;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.registry.Registry.Transaction.Action;
import io.meshwork.testkit.Faults.Phase;
import io.meshwork.testkit.Faults.Port;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
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
        () -> failed("read a document"));
  }

  @Override
  public Page list(String partition, String sortPrefix, @Nullable String cursor) {
    return faults.call(
        Port.REGISTRY_LIST,
        partition + "/" + sortPrefix,
        () -> real.list(partition, sortPrefix, cursor),
        () -> failed("list documents"));
  }

  @Override
  public Outcome commit(Transaction transaction) {
    InjectedFault mishap = faults.meet(Port.REGISTRY_COMMIT, transaction.partition(), 1);
    if (mishap.delays()) {
      faults.hold(real, transaction);
      Faults.throwCrash(mishap);
      return Outcome.UNKNOWN;
    }
    if (mishap.kind() == InjectedFault.Kind.CONFLICT) {
      return Outcome.conflict(transaction.actions().stream().map(Action::key).toList());
    }
    if (losesReply(mishap)) {
      real.commit(transaction);
      return Outcome.UNKNOWN;
    }
    return Faults.call(
        mishap,
        () -> real.commit(transaction),
        () -> mishap.kind() == InjectedFault.Kind.FAIL_AFTER ? broken() : failed("commit"));
  }

  @Override
  public Outcome resolve(String partition, String attemptId) {
    InjectedFault mishap = faults.meet(Port.REGISTRY_RESOLVE, partition, 1);
    if (losesReply(mishap)) {
      real.resolve(partition, attemptId);
      return Outcome.UNKNOWN;
    }
    if (!mishap.does() && mishap.kind() != InjectedFault.Kind.CRASH) {
      return Outcome.UNKNOWN;
    }
    return Faults.call(mishap, () -> real.resolve(partition, attemptId), FaultyRegistry::broken);
  }

  /** Of what was answered before: it is no call, and the dead ask nothing. */
  @Override
  public Optional<Instant> time() {
    faults.requireAlive();
    return real.time();
  }

  /** Frees what is held, also of the dead, as the system does for them. */
  @Override
  public void close() {
    real.close();
  }

  private static boolean losesReply(InjectedFault mishap) {
    return mishap.kind() == InjectedFault.Kind.LOSE_REPLY
        || (mishap.kind() == InjectedFault.Kind.CRASH && mishap.phase() == Phase.REPLY_LOST);
  }

  private static BackendException failed(String tried) {
    return BackendException.passing(
        ErrorCode.BACKEND_FAILED,
        "Could not " + tried + ": a test made the registry fail. Nothing was done. Run it again.",
        null);
  }

  /** What a careless driver throws, whatever was done. */
  private static UncheckedIOException broken() {
    return new UncheckedIOException(new IOException("A test broke the line to the registry"));
  }
}
