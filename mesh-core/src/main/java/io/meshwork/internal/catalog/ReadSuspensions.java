package io.meshwork.internal.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.product.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The decisions of an owner to suspend reads of a product. Each has a number, and holds for all
 * majors of the product, also if they open later, except majors that it left readable. They are a
 * part of the product's document, which each read needs anyway. Immutable.
 *
 * @param last the number of the last decision; 0 if there was none
 * @param decisions decisions that were not lifted, in order
 */
public record ReadSuspensions(ProductEntry product, int last, List<Decision> decisions) {
  private static final String SUSPENSIONS = "suspensions";

  public ReadSuspensions {
    decisions = List.copyOf(decisions);
  }

  /**
   * One decision. Immutable.
   *
   * @param number its number in the product, from 1
   * @param request the ID of the request to the stewards, whose approval makes it last
   * @param because the reason
   * @param by who decided it
   * @param at when
   * @param until when it ends if no steward approves it
   * @param except the majors that consumers read and that stayed readable
   */
  public record Decision(
      int number,
      String request,
      String because,
      Principal by,
      Instant at,
      Instant until,
      Set<Integer> except) {
    /** How long a suspension lasts without an approval. */
    public static final Duration LIMIT = Duration.ofHours(72);

    public Decision {
      except = Set.copyOf(except);
    }

    /** Returns true if it holds for a major. */
    public boolean covers(int major) {
      return !except.contains(major);
    }

    /** Returns true if it holds for all majors that another one holds for. */
    public boolean coversAllOf(Decision other) {
      return other.except.containsAll(except);
    }
  }

  /** The decisions as the product's document has them. */
  private record StoredDecisions(int last, List<Decision> decisions) {}

  public static ReadSuspensions of(ProductEntry product) {
    StoredDecisions stored =
        DocumentCodec.of(StoredDecisions.class).read(product.stored().json().path(SUSPENSIONS));
    return new ReadSuspensions(product, stored.last, stored.decisions);
  }

  /** The document of a product without them, to compare the rest. */
  static ObjectNode without(ObjectNode product) {
    product.remove(SUSPENSIONS);
    return product;
  }

  /** Adds a decision to the others. */
  public void add(Decision decision, List<Decision> earlier, CommitDraft<?> draft) {
    List<Decision> all = new ArrayList<>(earlier);
    all.add(decision);
    write(decision.number(), all, draft);
  }

  /** Lifts all decisions. */
  public void lift(CommitDraft<?> draft) {
    write(last, List.of(), draft);
  }

  private void write(int number, List<Decision> next, CommitDraft<?> draft) {
    ObjectNode json = product.stored().json().deepCopy();
    json.set(SUSPENSIONS, DocumentCodec.toJson(new StoredDecisions(number, next)));
    draft.replace(product.stored(), json);
  }
}
