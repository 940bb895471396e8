package io.meshwork.internal.receipts;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.session.ClientSession;
import java.util.Set;
import java.util.TreeSet;

/** The major versions whose history a principal may see: all that it may read completely. */
final class ReadableMajors {
  private ReadableMajors() {}

  /**
   * Returns the majors that the principal may read completely, ascending. The owner sees all of
   * them, also retired ones.
   *
   * @throws io.meshwork.error.MeshException if there is none; as for a read of the current major
   */
  static Set<Integer> require(ClientSession session, ProductEntry product, MeshAction action) {
    Set<Integer> readable = new TreeSet<>();
    for (int major : session.catalog().visibleMajors(product.name())) {
      if (session.authorizer().mayReadNow(product, major)) {
        readable.add(major);
      }
    }
    if (readable.isEmpty()) {
      session
          .authorizer()
          .requireFullRead(
              product,
              session.authorizer().requireReadable(product, product.currentMajor(), action),
              action);
    }
    return readable;
  }
}
