package io.meshwork.aws;

import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The registry as a mesh on AWS reaches it: through the endpoint of the emulator. */
@Tag("nightly")
class AwsRegistryConformanceTest extends DynamoTableConformance {
  @BeforeAll
  static void connect() {
    connect(Optional.of(AwsLocal.emulator().endpoint()));
  }

  @Override
  String endpoint() {
    return AwsLocal.emulator().endpoint().toString();
  }
}
