package io.meshwork.internal.erasure;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.publish.EraseNow;
import org.jspecify.annotations.Nullable;

/** Creates the operations that erase at once, for {@code MeshClient}, which documents them. */
public final class ErasureOperations {
  private ErasureOperations() {}

  /** Erases rows of a product from all its files. */
  public static EraseNow eraseNow(ClientSession session, @Nullable CharSequence product) {
    return new ProductEraseNow(
        session, ResolvedProduct.forProducer(session, product, MeshAction.of(Verb.ERASE)));
  }
}
