package io.meshwork.testkit.aws.internal.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which operation of S3 a request is. */
class S3OperationTest {
  @ParameterizedTest
  @CsvSource({
    "GET, /, ListBuckets, '', ''",
    "PUT, /b, CreateBucket, b, ''",
    "HEAD, /b, HeadBucket, b, ''",
    "DELETE, /b/, DeleteBucket, b, ''",
    "GET, /b?list-type=2&prefix=a%2F, ListObjectsV2, b, ''",
    "GET, /b, ListObjects, b, ''",
    "GET, /b?versions, ListObjectVersions, b, ''",
    "GET, /b?uploads, ListMultipartUploads, b, ''",
    "POST, /b?delete, DeleteObjects, b, ''",
    "PUT, /b?policy, PutBucketPolicy, b, ''",
    "DELETE, /b?policy, DeleteBucketPolicy, b, ''",
    "PUT, /b?encryption, PutBucketEncryption, b, ''",
    "GET, /b?lifecycle, GetBucketLifecycleConfiguration, b, ''",
    "PUT, /b?publicAccessBlock, PutPublicAccessBlock, b, ''",
    "GET, /b/a%20b+c/d, GetObject, b, a b+c/d",
    "HEAD, /b/k, HeadObject, b, k",
    "PUT, /b/k?x-id=PutObject, PutObject, b, k",
    "DELETE, /b/k?versionId=1, DeleteObject, b, k",
    "POST, /b/k?uploads, CreateMultipartUpload, b, k",
    "PUT, /b/k?partNumber=1&uploadId=u, UploadPart, b, k",
    "POST, /b/k?uploadId=u, CompleteMultipartUpload, b, k",
    "DELETE, /b/k?uploadId=u, AbortMultipartUpload, b, k",
    "GET, /b/k?uploadId=u, ListParts, b, k",
    "PUT, /b/k?tagging, PutObjectTagging, b, k",
  })
  void methodPathAndQueryDetermineIt(
      String method, String uri, String name, String bucket, String key) throws IOException {
    assertThat(operation(method, uri, new Headers())).isEqualTo(new S3Operation(name, bucket, key));
  }

  @ParameterizedTest
  @CsvSource({"/b/k, CopyObject", "/b/k?partNumber=1&uploadId=u, UploadPartCopy"})
  void aHeaderNamesTheSourceOfACopy(String uri, String name) throws IOException {
    Headers headers = new Headers();
    headers.add("x-amz-copy-source", "/other/k");

    assertThat(operation("PUT", uri, headers).name()).isEqualTo(name);
  }

  private static S3Operation operation(String method, String uri, Headers headers)
      throws IOException {
    URI parsed = URI.create("http://127.0.0.1" + uri);
    try (AwsRequestBody body = AwsRequestBody.read(InputStream.nullInputStream())) {
      return S3Operation.of(
          new AwsRequest(
              method,
              parsed.getRawPath(),
              AwsRequest.query(parsed),
              headers,
              new AwsRequest.Scope("AKIA222222222222MESH", "eu-central-1", "s3"),
              body));
    }
  }
}
