package io.meshwork.aws.internal.event;

import io.meshwork.aws.internal.ServiceClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClientBuilder;
import software.amazon.awssdk.services.eventbridge.endpoints.EventBridgeEndpointProvider;

/** How clients of EventBridge are created. */
public final class EventBridgeService {
  /** As with all clients of a mesh, endpoints of the environment have no effect. */
  public static final ServiceClient<EventBridgeClientBuilder, EventBridgeClient> CLIENT =
      new ServiceClient<>(
          EventBridgeClient.class,
          "events",
          EventBridgeClient::builder,
          builder -> builder.endpointProvider(ofRegion()));

  private EventBridgeService() {}

  private static EventBridgeEndpointProvider ofRegion() {
    EventBridgeEndpointProvider rules = EventBridgeEndpointProvider.defaultProvider();
    return place -> rules.resolveEndpoint(place.toBuilder().endpoint(null).build());
  }
}
