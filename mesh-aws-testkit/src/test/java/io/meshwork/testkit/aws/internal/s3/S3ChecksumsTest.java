package io.meshwork.testkit.aws.internal.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.AwsRequest;
import io.meshwork.testkit.aws.internal.access.AwsRequestBody;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.access.S3Operation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checksums of "123456789", whose values the definitions of the algorithms publish. */
class S3ChecksumsTest {
  private static final String CONTENT = "123456789";

  @ParameterizedTest
  @CsvSource({
    "x-amz-checksum-crc32, y/Q5Jg==",
    "x-amz-checksum-crc32c, 4waSgw==",
    "x-amz-checksum-sha1, 98O8HYCOBHMq32eZZczDTKeuNEE=",
    "x-amz-checksum-sha256, FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=",
    "Content-MD5, JfnnlDI7RTiF9RgfG2JNCw==",
    "x-amz-content-sha256, 15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
  })
  void theRightChecksumIsAcceptedAndOthersAreNot(String header, String value) throws IOException {
    assertThat(error(CONTENT, header, value)).isNull();
    AwsReply error = error(CONTENT + "0", header, value);
    assertThat(error).isNotNull();
    assertThat(error.status()).isEqualTo(400);
  }

  @Test
  void aChecksumInATrailerIsVerified() throws IOException {
    String right =
        "5;chunk-signature=x\r\n12345\r\n4\r\n6789\r\n0\r\n"
            + "x-amz-checksum-crc32:y/Q5Jg==\r\n\r\n";

    assertThat(chunked(right, 9)).isNull();
    assertThat(chunked(right.replace("12345", "12346"), 9))
        .satisfies(error -> assertThat(error.text()).contains("BadDigest", "CRC32"));
    assertThat(chunked(right, 10))
        .satisfies(error -> assertThat(error.text()).contains("IncompleteBody"));
    assertThat(chunked(right.substring(0, 25), 9))
        .satisfies(error -> assertThat(error.text()).contains("IncompleteBody"));
  }

  @Test
  void anAlgorithmThatTheEmulatorDoesNotKnowIsRejected() {
    assertThatThrownBy(() -> error(CONTENT, "x-amz-checksum-crc64nvme", "rosUhgp5mYg="))
        .isInstanceOf(NotEmulatedException.class)
        .hasMessageContaining("crc64nvme");
  }

  private static AwsReply chunked(String body, int length) throws IOException {
    return error(
        body,
        "x-amz-content-sha256",
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "x-amz-trailer",
        "x-amz-checksum-crc32",
        "x-amz-decoded-content-length",
        Integer.toString(length));
  }

  private static AwsReply error(String body, String... headers) throws IOException {
    Headers all = new Headers();
    for (int i = 0; i < headers.length; i += 2) {
      all.add(headers[i], headers[i + 1]);
    }
    try (AwsRequestBody content =
        AwsRequestBody.read(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)))) {
      AwsRequest request =
          new AwsRequest(
              "PUT",
              "/bucket/key",
              Map.of(),
              all,
              new AwsRequest.Scope("AKIA222222222222MESH", "eu-central-1", "s3"),
              content);
      return S3Checksums.error(request, S3Operation.of(request));
    }
  }
}
