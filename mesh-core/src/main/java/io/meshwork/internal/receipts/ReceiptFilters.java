package io.meshwork.internal.receipts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.MovedTables;
import io.meshwork.internal.ledger.PackedPart;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.util.Optional;
import java.util.function.Predicate;

/** The filters in the documents of receipts, whose constants may identify a person. Stateless. */
public final class ReceiptFilters {
  private ReceiptFilters() {}

  /** A copy of a document without the filters that a condition selects; empty if it has none. */
  public static Optional<ObjectNode> without(ObjectNode document, Predicate<String> selected) {
    ObjectNode copy = document.deepCopy();
    boolean changed = remove(copy, selected);
    JsonNode others = PackedPart.read(copy, MovedTables.ALSO).deepCopy();
    boolean othersChanged = false;
    for (JsonNode other : others) {
      othersChanged |= remove((ObjectNode) other, selected);
    }
    if (othersChanged) {
      copy.set(MovedTables.ALSO, others);
      PackedPart.pack(copy, MovedTables.ALSO);
      changed = true;
    }
    return changed ? Optional.of(copy) : Optional.empty();
  }

  /** The scope of a rollback is a snapshot and not a filter. */
  private static boolean remove(ObjectNode part, Predicate<String> selected) {
    String filter = part.path(PublishIntent.SCOPE).textValue();
    if (filter == null
        || PublishMode.ROLLBACK.text().equals(part.path(PublishIntent.MODE).asText())
        || !selected.test(filter)) {
      return false;
    }
    part.remove(PublishIntent.SCOPE);
    return true;
  }
}
