package io.meshwork.examples.awsmesh;

import io.meshwork.examples.story.StoryFailedException;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;

/**
 * Requests to services whose clients a mesh does not need. The emulator does not verify signatures.
 */
final class PlainRequest {
  private PlainRequest() {}

  /**
   * Sends a request.
   *
   * @param what the request as errors name it
   * @param accessKey who sends it
   * @param scope the region and the service, such as {@code us-east-1/iam}
   * @return the reply
   * @throws StoryFailedException if the service rejects it
   */
  static String send(
      AwsEmulator aws,
      String what,
      String accessKey,
      String scope,
      Map<String, String> headers,
      String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(aws.endpoint())
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential="
                    + accessKey
                    + "/20261122/"
                    + scope
                    + "/aws4_request, SignedHeaders=host, Signature=0")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    try {
      HttpResponse<String> response =
          HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new StoryFailedException(
            what
                + " was rejected. If the emulator runs on a server that you started, start a new"
                + " one. The reply: "
                + response.body());
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted in " + what, e);
    }
  }
}
