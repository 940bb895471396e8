package io.meshwork.internal.erasure;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.publish.Erase;
import org.jspecify.annotations.Nullable;

/** Creates the operations that erase rows, for {@code MeshClient}, which documents them. */
public final class ErasureOperations {
  private ErasureOperations() {}

  /** Erases rows of a product. */
  public static Erase erase(ClientSession session, @Nullable CharSequence product) {
    return new ProductErase(
        session, ResolvedProduct.forProducer(session, product, MeshAction.of(Verb.ERASE)));
  }
}
