package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What a user's program gets when it depends on mesh-aws-operations, besides the jars of mesh-aws.
 * A change here is a decision.
 */
class EventJarsTest {
  @Test
  void theModuleBringsTheClientsOfItsServicesAlone() throws IOException {
    Set<String> jars = RuntimeJars.of("mesh.runtime.jars");
    jars.removeAll(RuntimeJars.of("mesh.aws.jars"));

    assertThat(jars)
        .containsExactlyInAnyOrder("cloudformation", "cloudwatch", "eventbridge", "sqs");
  }
}
