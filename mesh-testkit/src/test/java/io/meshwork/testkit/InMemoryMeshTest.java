package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshBuilder;
import io.meshwork.product.Principal;
import org.junit.jupiter.api.Test;

class InMemoryMeshTest extends MeshConformance {
  @Override
  protected MeshBuilder mesh() {
    return InMemoryMesh.with();
  }

  @Test
  void eachIsOnItsOwn() {
    registerShop();

    try (Mesh other = InMemoryMesh.open()) {
      assertThat(other.actingAs(Principal.of("commerce", "etl")).products()).isEmpty();
      assertThat(other.doctor().isHealthy()).isTrue();
    }
  }
}
