package io.meshwork.aws.internal;

import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * How a client of a service is opened.
 *
 * @param type the interface of the client
 * @param name the name of the service, for the limits of its calls, such as {@code glue}
 * @param builder starts a client
 * @param regional sets the endpoints of the region, if the mesh has no other
 */
public record ServiceClient<
    B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C extends SdkAutoCloseable>(
    Class<C> type, String name, Supplier<B> builder, Consumer<B> regional) {}
