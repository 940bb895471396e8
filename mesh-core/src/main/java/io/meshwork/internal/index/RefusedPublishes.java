package io.meshwork.internal.index;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.card.Health.RefusedPublish;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Remembers the last publish of a product that its rules refused, for its owner. Stateless. */
public final class RefusedPublishes {
  private static final int MAX_RULES = 100;
  private static final int MAX_REASON = 1_000;

  private RefusedPublishes() {}

  /**
   * Records a refused publish within the time that it has left. A failure to do so is suppressed by
   * its exception.
   */
  public static void record(
      ClientSession session,
      ProductName product,
      @Nullable String idempotencyKey,
      ContractViolationException refused,
      Deadline deadline) {
    List<Finding> broken =
        refused.findings().stream()
            .filter(finding -> finding.severity() == Severity.ERROR)
            .toList();
    RefusedPublish last =
        new RefusedPublish(
            session.runtime().clock().instant(),
            session.principal().toString(),
            idempotencyKey == null ? "" : idempotencyKey,
            broken.stream().limit(MAX_RULES).map(Finding::where).toList(),
            broken.stream().mapToLong(Finding::count).max().orElse(0),
            sentence(refused.reason()));
    ObjectNode json = DocumentCodec.of(RefusedPublish.class).write(last, Optional.empty());
    try {
      session.ledger().commit(new Note(session, product, json), deadline);
    } catch (RuntimeException e) {
      refused.addSuppressed(e);
    }
  }

  /** A reason, whose findings are lines, as text in one line. */
  private static String sentence(String reason) {
    String line = reason.strip().replaceAll("\\s+", " ");
    String cut = line.length() > MAX_REASON ? line.substring(0, MAX_REASON) + "…" : line;
    return cut.isEmpty()
        ? ""
        : Character.toUpperCase(cut.charAt(0)) + cut.substring(1) + (cut.endsWith(".") ? "" : ".");
  }

  /** Returns the last refused publish of a product; empty if none is known. */
  public static Optional<RefusedPublish> last(ClientSession session, ProductName product) {
    return session
        .ledger()
        .readLenient(key(product))
        .flatMap(
            stored -> DerivedDocument.find(stored, DocumentCodec.of(RefusedPublish.class)::read));
  }

  /** Next to the counts of reads and denials, which calls without an effect write, too. */
  private static Key key(ProductName product) {
    return new Key(
        RegistryKeys.reads(product.domain()),
        RegistryKeys.REFUSED + NameGrammar.storage(product.product()));
  }

  private record Note(ClientSession session, ProductName product, ObjectNode json)
      implements Ledger.Change<Boolean> {
    @Override
    public MeshAction action() {
      return MeshAction.of(Verb.RECORD, "a refused publish to " + product);
    }

    @Override
    public String partition() {
      return key(product).partition();
    }

    @Override
    public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
      CommitDraft<Boolean> draft = CommitDraft.unlogged();
      session
          .ledger()
          .readLenient(key(product))
          .ifPresentOrElse(
              stored -> draft.replace(stored, json), () -> draft.insert(key(product), json));
      return draft.result(true);
    }
  }
}
