package io.meshwork.internal.conformance.input;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.testkit.InMemoryMesh;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class BadInputInMemoryTest extends BadInputSuite {
  @Override
  protected Mesh.Builder mesh() {
    return InMemoryMesh.builder();
  }

  /** Fault plan number 76. */
  @Test
  void aRegistryThatNeedsAFeatureOfALaterVersionIsNotOpened() {
    Registry newer = InMemoryMesh.registry();
    newer.commit(
        Transaction.attempt("a")
            .insert(
                new Key("_mesh", "format"),
                "{\"format\":1,\"readFeatures\":[\"time-travel\"],\"writeFeatures\":[]}")
            .build());

    assertThatThrownBy(() -> Mesh.builder(newer, InMemoryMesh.files(), "memory:/mesh").open())
        .isInstanceOfSatisfying(
            BackendException.class,
            refused ->
                Assertions.assertThat(refused.errorCode()).isEqualTo(ErrorCode.REGISTRY_VERSION))
        .hasMessageContainingAll("time-travel", "Nothing was changed", "newer version");
  }
}
