package io.meshwork.access;

import io.meshwork.access.AccessFacts.Link;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A resource link, ready for decisions.
 *
 * @param in the database that it lives in, if it stands for a table
 */
record LinkNode(Link link, Optional<DatabaseNode> in) {
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
