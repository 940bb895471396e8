package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.aws.internal.mirror.glue.SessionClients;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.ram.RamClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;

/** Where requests are sent: never to an endpoint from the settings of the SDK. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class AwsEndpointsTest {
  private static final String REGION = "eu-central-1";
  private static final List<String> SETTINGS = List.of("aws.endpointUrl", "aws.endpointUrlS3");

  private final List<@Nullable String> before = SETTINGS.stream().map(System::getProperty).toList();
  private final RequestRecorder sent = new RequestRecorder();

  @BeforeEach
  void configureTheSdk() {
    SETTINGS.forEach(name -> System.setProperty(name, "http://127.0.0.1:1/other"));
  }

  @AfterEach
  void restore() {
    for (int i = 0; i < SETTINGS.size(); i++) {
      if (before.get(i) == null) {
        System.clearProperty(SETTINGS.get(i));
      } else {
        System.setProperty(SETTINGS.get(i), before.get(i));
      }
    }
  }

  @Test
  void withoutAnEndpointThoseOfTheRegionAreUsed() {
    callAll(null);

    assertThat(sent.addresses)
        .extracting(AwsEndpointsTest::withoutLastSlash)
        .containsExactly(
            "https://sales.s3.eu-central-1.amazonaws.com/a%20file",
            "https://dynamodb.eu-central-1.amazonaws.com",
            "https://sts.eu-central-1.amazonaws.com",
            "https://glue.eu-central-1.amazonaws.com",
            "https://lakeformation.eu-central-1.amazonaws.com/GetDataLakeSettings",
            "https://ram.eu-central-1.amazonaws.com/getresourceshareinvitations");
  }

  @Test
  void theEndpointOfTheConfigurationIsUsedForAllServices() {
    callAll(URI.create("http://127.0.0.1:2"));

    assertThat(sent.addresses)
        .extracting(AwsEndpointsTest::withoutLastSlash)
        .containsExactly(
            "http://127.0.0.1:2/sales/a%20file",
            "http://127.0.0.1:2",
            "http://127.0.0.1:2",
            "http://127.0.0.1:2",
            "http://127.0.0.1:2/GetDataLakeSettings",
            "http://127.0.0.1:2/getresourceshareinvitations");
  }

  private void callAll(@Nullable URI endpoint) {
    AwsTimeouts timeouts = AwsTimeouts.STANDARD;
    try (S3Client s3 = recorded(AwsClients.s3Builder(REGION, endpoint, timeouts));
        DynamoDbClient dynamoDb = recorded(AwsClients.dynamoDbBuilder(REGION, endpoint, timeouts));
        StsClient sts = recorded(AwsClients.stsBuilder(REGION, endpoint, timeouts));
        GlueClient glue =
            recorded(AwsClients.builder(SessionClients.GLUE, REGION, endpoint, timeouts));
        LakeFormationClient lakeFormation =
            recorded(AwsClients.lakeFormationBuilder(REGION, endpoint, timeouts));
        RamClient ram =
            recorded(AwsClients.builder(SessionClients.RAM, REGION, endpoint, timeouts))) {
      assertSent(() -> s3.getObject(get -> get.bucket("sales").key("a file")));
      assertSent(dynamoDb::listTables);
      assertSent(sts::getCallerIdentity);
      assertSent(() -> glue.getDatabases(get -> {}));
      assertSent(() -> lakeFormation.getDataLakeSettings(get -> {}));
      assertSent(() -> ram.getResourceShareInvitations(get -> {}));
    }
  }

  private static String withoutLastSlash(URI address) {
    return address.toString().replaceAll("/$", "");
  }

  private static void assertSent(Runnable call) {
    assertThatThrownBy(call::run).isInstanceOf(AwsServiceException.class);
  }

  private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C recorded(B builder) {
    return builder
        .httpClient(sent)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIAMESH", "secret")))
        .build();
  }

  /** Answers each request with status 400, and sends none. */
  private static final class RequestRecorder implements SdkHttpClient {
    private final List<URI> addresses = new ArrayList<>();

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
      addresses.add(request.httpRequest().getUri());
      return new ExecutableHttpRequest() {
        @Override
        public HttpExecuteResponse call() {
          return HttpExecuteResponse.builder()
              .response(SdkHttpResponse.builder().statusCode(400).build())
              .build();
        }

        @Override
        public void abort() {
          // Nothing is sent.
        }
      };
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
