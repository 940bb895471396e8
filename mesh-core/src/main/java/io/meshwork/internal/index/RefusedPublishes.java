package io.meshwork.internal.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.card.Health.RefusedPublish;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Remembers the last publish of a product that its rules refused, for its owner. Stateless. */
public final class RefusedPublishes {
  private static final int MAX_RULES = 100;

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
    ObjectNode json = DocumentJson.create();
    json.put("at", session.runtime().clock().instant().toString());
    json.put("by", session.principal().toString());
    json.put("key", idempotencyKey == null ? "" : idempotencyKey);
    ArrayNode rules = json.putArray("rules");
    long failed = 0;
    for (Finding finding : refused.findings()) {
      if (finding.severity() == Severity.ERROR) {
        if (rules.size() < MAX_RULES) {
          rules.add(finding.where());
        }
        failed = Math.max(failed, finding.count());
      }
    }
    json.put("failed", failed);
    try {
      session.ledger().commit(new Note(session, product, json), deadline);
    } catch (RuntimeException e) {
      refused.addSuppressed(e);
    }
  }

  /** Returns the last refused publish of a product; empty if none is known. */
  public static Optional<RefusedPublish> last(ClientSession session, ProductName product) {
    return session
        .ledger()
        .readLenient(key(product))
        .flatMap(stored -> DerivedDocument.find(stored, RefusedPublishes::of));
  }

  private static RefusedPublish of(JsonNode json) {
    List<String> rules = new ArrayList<>();
    json.path("rules").forEach(rule -> rules.add(rule.asText()));
    return new RefusedPublish(
        Instant.parse(json.path("at").asText()),
        json.path("by").asText(),
        json.path("key").asText(),
        rules,
        json.path("failed").asLong());
  }

  /** Beside the counts of reads and denials, which calls without an effect write, too. */
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
