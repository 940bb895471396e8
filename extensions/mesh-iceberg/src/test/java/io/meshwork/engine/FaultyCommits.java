package io.meshwork.engine;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.registry.Registry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A registry whose commits fail as a test specifies. For one thread. */
final class FaultyCommits implements Registry {
  /** The fault of a commit. */
  enum Fault {
    /** No fault. */
    NONE,
    /** It is committed and the reply is lost. */
    REPLY_LOST,
    /** It conflicts although nothing changed. */
    CONFLICT,
    /** The store is broken and nothing is committed. */
    BROKEN
  }

  private final Registry registry;
  private Function<Transaction, Fault> script = transaction -> Fault.NONE;
  private boolean resolves = true;

  FaultyCommits(Registry registry) {
    this.registry = registry;
  }

  /** Sets the fault of each commit. */
  void script(Function<Transaction, Fault> faults) {
    script = faults;
  }

  /** Sets the faults of the next commits. */
  void next(Fault... faults) {
    List<Fault> left = new ArrayList<>(List.of(faults));
    script = transaction -> left.isEmpty() ? Fault.NONE : left.remove(0);
  }

  /** Makes the outcome of every attempt unknown. */
  void cannotResolve() {
    resolves = false;
  }

  @Override
  public Optional<Document> read(Key key) {
    return registry.read(key);
  }

  @Override
  public Page list(String partition, String sortPrefix, @Nullable String cursor) {
    return registry.list(partition, sortPrefix, cursor);
  }

  @Override
  public SortedSet<String> partitions() {
    return registry.partitions();
  }

  @Override
  public Outcome commit(Transaction transaction) {
    return switch (script.apply(transaction)) {
      case NONE -> registry.commit(transaction);
      case REPLY_LOST -> {
        registry.commit(transaction);
        yield Outcome.UNKNOWN;
      }
      case CONFLICT -> Outcome.conflict(List.of(transaction.actions().get(0).key()));
      case BROKEN ->
          throw Failure.of(MeshAction.of(Verb.WRITE, "documents"))
              .because("the store is broken")
              .lasting(ErrorCode.BACKEND_FAILED);
    };
  }

  @Override
  public Outcome resolve(String partition, String attemptId) {
    return resolves ? registry.resolve(partition, attemptId) : Outcome.UNKNOWN;
  }

  @Override
  public void close() {
    registry.close();
  }
}
