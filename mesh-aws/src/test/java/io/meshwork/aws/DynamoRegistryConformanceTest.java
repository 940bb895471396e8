package io.meshwork.aws;

import io.meshwork.aws.internal.dynamo.DynamoRegistry;
import io.meshwork.registry.Registry;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;

class DynamoRegistryConformanceTest extends DynamoTableConformance {
  @BeforeAll
  static void connect() {
    connect(
        AwsLiveAccount.current().isPresent()
            ? Optional.empty()
            : Optional.of(LocalDynamo.endpoint()));
  }

  @Override
  String endpoint() {
    return AwsLiveAccount.current().isPresent() ? "live" : LocalDynamo.endpoint().toString();
  }

  static final class TableOpener implements Opener {
    @Override
    public Registry open(String location) {
      int space = location.indexOf(' ');
      String endpoint = location.substring(0, space);
      return DynamoRegistry.over(
          endpoint.equals("live") ? LocalDynamo.client() : LocalDynamo.client(URI.create(endpoint)),
          location.substring(space + 1));
    }
  }
}
