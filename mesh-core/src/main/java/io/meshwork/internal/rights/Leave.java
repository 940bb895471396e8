package io.meshwork.internal.rights;

import io.meshwork.internal.ledger.Stored;
import java.util.List;

/**
 * Leave to read a version of a product. Immutable.
 *
 * @param sight what shows
 * @param basis the documents that the decision rests on, apart from the product's own and its
 *     version's: while they are as they are, the decision stands
 */
public record Leave(Sight sight, List<Stored> basis) {
  /** Copies the list. */
  public Leave {
    basis = List.copyOf(basis);
  }
}
