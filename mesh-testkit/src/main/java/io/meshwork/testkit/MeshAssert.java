package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.error.Finding;
import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;

/** Assertions on a whole mesh. */
public final class MeshAssert extends AbstractAssert<MeshAssert, Mesh> {
  MeshAssert(Mesh mesh) {
    super(mesh, MeshAssert.class);
  }

  /**
   * Nothing is damaged: logs, documents, tables and files agree, as {@code mesh.doctor()} proves.
   * What dead processes left is no damage.
   */
  public MeshAssert isHealthy() {
    isNotNull();
    List<Finding> problems = actual.doctor().problems();
    if (!problems.isEmpty()) {
      failWithMessage(
          "Expected a mesh without damage. The doctor found:%s",
          problems.stream()
              .map(
                  problem ->
                      "\n  " + problem.code() + " at " + problem.where() + ": " + problem.what())
              .collect(Collectors.joining()));
    }
    return this;
  }
}
