package io.meshwork.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.publish.PublishReceipt.PublishMode;
import io.meshwork.rollout.Rollout.State;
import org.junit.jupiter.api.Test;

class StoredConstantTest {
  record Part(PublishMode mode) {}

  record Whole(Part part) {}

  @Test
  void aConstantIsFoundInAnyCase() {
    assertThat(StoredConstant.of(State.class, "planned", "a rollout")).isEqualTo(State.PLANNED);
  }

  @Test
  void aConstantOfALaterVersionNamesWhatHasItAndTheVersionToUse() {
    assertThatThrownBy(() -> StoredConstant.of(State.class, "PAUSED", "a rollout"))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.REGISTRY_VERSION))
        .hasMessageContainingAll("Cannot read a rollout", "'PAUSED'", "or a newer one");
  }

  @Test
  void aPartOfADocumentIsReadTheSameWay() {
    assertThatThrownBy(
            () ->
                DocumentCodec.of(Whole.class)
                    .read(DocumentJson.parseObject("x", "{\"part\":{\"mode\":\"upsert\"}}")))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.REGISTRY_VERSION))
        .hasMessageContaining("'upsert'");
  }
}
