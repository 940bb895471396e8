package io.meshwork.internal.open;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenOperationsTest {
  private final OpenOperations operations = new OpenOperations();

  /** Reachable during the test, as the operation of a caller is while it is in use. */
  private final List<OpenOperation> begun = new ArrayList<>();

  private OpenOperation begun(String what) {
    OpenOperation operation = operations.operation("commerce/etl", what).begin();
    begun.add(operation);
    return operation;
  }

  @Test
  void onlyUncommittedOperationsAreListedWithTheirNumber() {
    begun("publish to commerce/orders");
    begun("publish to commerce/orders");
    begun("grant commerce/orders").settle();
    OpenOperation twice = begun("grant commerce/baskets");
    twice.settle();
    twice.settle();

    assertThat(operations.summary())
        .isEqualTo(
            "2 operations were created and never committed, so they had no effect: publish to"
                + " commerce/orders by commerce/etl. Call commit() on each.");
  }

  @Test
  void operationsThatHaveNotBegunOrHaveEndedDoNotCount() {
    OpenOperation settled = operations.operation("commerce/etl", "publish to commerce/orders");
    settled.settle();
    settled.begin();
    operations.operation("commerce/etl", "publish to commerce/orders");

    assertThat(operations.open()).isEmpty();
  }

  @Test
  void exceptionSettlesTheLatestOperationOfItsThreadOnly() throws InterruptedException {
    begun("publish to commerce/orders");
    begun("publish to commerce/baskets");
    Thread other = new Thread(OpenOperationsTest::refuse);
    other.start();
    other.join();
    assertThat(operations.open()).hasSize(2);

    refuse();
    refuse();

    assertThat(operations.open())
        .extracting(each -> each.what())
        .containsExactly("publish to commerce/orders");
  }

  private static void refuse() {
    assertThat(
            Failure.of(MeshAction.of(Verb.WRITE, "rows"))
                .invalidRequest(ErrorCode.INVALID_ARGUMENT))
        .hasMessageContaining("Cannot write rows");
  }

  @Test
  void abandonedOperationsAreCountedInBoundedMemory() {
    for (int i = 0; i < 5_000; i++) {
      begun("publish to commerce/p" + i);
      begun("publish to commerce/same").settle();
    }

    assertThat(operations.open()).hasSizeLessThanOrEqualTo(1_002);
    assertThat(operations.summary())
        .startsWith("5000 operations were created")
        .contains(
            "other operations by anybody", "publish to commerce/p0 by", " more. Call commit()");
  }
}
