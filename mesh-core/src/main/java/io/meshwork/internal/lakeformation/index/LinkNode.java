package io.meshwork.internal.lakeformation.index;

import io.meshwork.internal.lakeformation.AccessFacts.Link;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An indexed resource link.
 *
 * @param in the database of a table link; empty for a database link
 */
public record LinkNode(Link link, Optional<DatabaseNode> in) {
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
