package io.meshwork.internal.onboarding;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.publish.Onboard;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Creates the operations on files of other programs for a session. */
public final class OnboardOperations {
  private OnboardOperations() {}

  /**
   * Registers files of other programs where they are.
   *
   * @param definition defines the product with a contract and the columns of folders
   */
  public static Onboard onboard(
      ClientSession session,
      @Nullable CharSequence product,
      BiConsumer<Contract, List<Partition>> definition) {
    return new ProductOnboarding(
        session,
        ResolvedProduct.forProducer(session, product, MeshAction.of(Verb.ONBOARD)),
        definition);
  }
}
