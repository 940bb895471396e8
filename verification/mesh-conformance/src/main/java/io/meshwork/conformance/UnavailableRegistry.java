package io.meshwork.conformance;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.topology.Topology;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A registry that fails at every call while its catalog is unavailable. It reads the name of its
 * catalog from the registry itself. Thread-safe.
 */
final class UnavailableRegistry extends ForwardingRegistry {
  /** The document that names the catalog of a registry. */
  private static final Key OF = new Key("_mesh", "topology");

  private static final Pattern CATALOG = Pattern.compile("\"catalog\"\\s*:\\s*\"([a-z0-9_]+)\"");

  private final Set<String> gone;

  UnavailableRegistry(Registry real, Set<String> gone) {
    super(real);
    this.gone = gone;
  }

  @Override
  public Optional<Document> read(Key key) {
    requireThere();
    return real.read(key);
  }

  @Override
  public Page list(String partition, String sortPrefix, @Nullable String cursor) {
    requireThere();
    return real.list(partition, sortPrefix, cursor);
  }

  @Override
  public Outcome commit(Transaction transaction) {
    requireThere();
    return real.commit(transaction);
  }

  @Override
  public Outcome resolve(String partition, String attemptId) {
    return isGone() ? Outcome.UNKNOWN : real.resolve(partition, attemptId);
  }

  private void requireThere() {
    if (isGone()) {
      throw Failure.of(MeshAction.of(Verb.READ, "the registry"))
          .because("its catalog is unavailable")
          .passing(ErrorCode.BACKEND_FAILED);
    }
  }

  private boolean isGone() {
    return !gone.isEmpty() && gone.contains(catalog());
  }

  private String catalog() {
    return real.read(OF)
        .map(document -> CATALOG.matcher(document.json()))
        .filter(Matcher::find)
        .map(match -> match.group(1))
        .orElse(Topology.CENTRAL);
  }
}
