package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.error.ContractViolationException;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * AssertJ assertions on what a mesh did and holds. Import them statically, beside AssertJ's own.
 */
public final class MeshAssertions {
  private MeshAssertions() {}

  /** What a publish did. */
  public static ReceiptAssert assertThat(PublishReceipt receipt) {
    return new ReceiptAssert(receipt);
  }

  /** What a mesh is as a whole. */
  public static MeshAssert assertThat(Mesh mesh) {
    return new MeshAssert(mesh);
  }

  /**
   * What a product holds, as this client sees it. Each assertion looks anew.
   *
   * @param product written {@code domain/product}
   */
  public static ProductAssert assertThatProduct(MeshClient client, CharSequence product) {
    return new ProductAssert(client, ProductName.of(product));
  }

  /**
   * Runs a publish that must be refused since its rows break the contract, and says how.
   *
   * @throws AssertionError if it is not refused, or for something else
   */
  public static ViolationAssert assertThatContractIsBroken(ThrowingCallable publish) {
    Throwable thrown = Assertions.catchThrowable(publish);
    if (thrown instanceof ContractViolationException violation) {
      return new ViolationAssert(violation);
    }
    if (thrown == null) {
      throw new AssertionError(
          "Expected that the publish be refused since its rows break the contract. It was not"
              + " refused.");
    }
    throw new AssertionError(
        "Expected that the publish be refused since its rows break the contract. It failed for"
            + " something else: "
            + thrown,
        thrown);
  }
}
