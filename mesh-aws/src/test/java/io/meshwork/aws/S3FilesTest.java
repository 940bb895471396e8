package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.aws.internal.s3.S3Files;
import io.meshwork.aws.internal.s3.S3OutputStream;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.RangeReadable;
import org.apache.iceberg.io.SeekableInputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;

/** What S3 does besides storing: parts, conditions, lost responses, and denials. */
class S3FilesTest {
  private static final long SEED = 20_261_122L;

  private final Responses responses = new Responses();
  private S3Client client;
  private S3Files files;
  private String bucket;

  @BeforeEach
  void open() {
    client = S3Local.client(responses);
    files = S3Local.files(client);
    bucket = S3Local.newBucket(client);
  }

  @AfterEach
  void close() {
    if (client != null) { // null if the emulator is missing
      client.close();
    }
  }

  @Test
  void anAbortedFileIsNotCreated() throws IOException {
    InputStream failing =
        new SequenceInputStream(
            new ByteArrayInputStream(new byte[S3OutputStream.PART_BYTES + 1]),
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw new IOException("the disk failed");
              }
            });
    responses.sent.clear();

    assertThatThrownBy(
            () -> {
              try (S3OutputStream out =
                  (S3OutputStream) files.newOutputFile(bucket + "/aborted").create()) {
                try {
                  failing.transferTo(out);
                } finally {
                  out.abort();
                }
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the disk failed");

    assertThat(responses.sent)
        .contains("UploadPart", "AbortMultipartUpload")
        .doesNotContain("CompleteMultipartUpload", "PutObject");
    assertThat(files.newInputFile(bucket + "/aborted").exists()).isFalse();
  }

  @Test
  void aLargeFileIsWrittenInParts() throws IOException {
    byte[] content = new byte[S3OutputStream.PART_BYTES * 2 + 12_345];
    new Random(SEED).nextBytes(content);
    responses.sent.clear();

    try (PositionOutputStream out = files.newOutputFile(bucket + "/large").create()) {
      out.write(content);
    }

    assertThat(responses.sent)
        .containsExactly(
            "CreateMultipartUpload",
            "UploadPart",
            "UploadPart",
            "UploadPart",
            "CompleteMultipartUpload");
    try (SeekableInputStream in = files.newInputFile(bucket + "/large").newStream()) {
      assertThat(Arrays.equals(in.readAllBytes(), content)).isTrue();
    }
  }

  @Test
  void s3HasTenTimesAsLongToJoinTheParts() throws IOException {
    try (S3Client limited =
        S3Local.client(AwsLocal.emulator().endpoint(), Duration.ofMinutes(1), responses)) {
      try (PositionOutputStream out =
          S3Local.files(limited).newOutputFile(bucket + "/joined").create()) {
        out.write(new byte[S3OutputStream.PART_BYTES + 1]);
      }
    }

    assertThat(responses.timeouts)
        .containsExactly(Map.entry("CompleteMultipartUpload", Duration.ofMinutes(10)));
  }

  @Test
  void ofTwoWritersOfOneNameTheSecondFails() throws IOException {
    PositionOutputStream first = files.newOutputFile(bucket + "/one").create();
    PositionOutputStream second = files.newOutputFile(bucket + "/one").create();
    first.write(bytes("first"));
    second.write(bytes("second"));

    first.close();

    assertThatThrownBy(second::close).isInstanceOf(AlreadyExistsException.class);
    assertThat(read("/one")).isEqualTo("first");
  }

  @Test
  void ofTwoWritersOfPartsTheSecondFailsAndLeavesNoParts() throws IOException {
    byte[] content = new byte[S3OutputStream.PART_BYTES + 1];
    PositionOutputStream first = files.newOutputFile(bucket + "/one").create();
    PositionOutputStream second = files.newOutputFile(bucket + "/one").create();
    first.write(content);
    second.write(content);

    first.close();

    assertThatThrownBy(second::close).isInstanceOf(AlreadyExistsException.class);
    assertThat(client.listMultipartUploads(list -> list.bucket(name())).uploads()).isEmpty();
  }

  @Test
  void aWriteWhoseResponseIsLostSucceeds() throws IOException {
    responses.lose("PutObject");

    try (PositionOutputStream out = files.newOutputFile(bucket + "/lost").create()) {
      out.write(bytes("written"));
    }

    assertThat(responses.sent).containsSubsequence("PutObject", "PutObject", "HeadObject");
    assertThat(read("/lost")).isEqualTo("written");
  }

  @Test
  void aWriteOfPartsWhoseResponseIsLostSucceeds() throws IOException {
    responses.lose("CompleteMultipartUpload");

    try (PositionOutputStream out = files.newOutputFile(bucket + "/lost").create()) {
      out.write(new byte[S3OutputStream.PART_BYTES + 1]);
    }

    assertThat(files.newInputFile(bucket + "/lost").getLength())
        .isEqualTo(S3OutputStream.PART_BYTES + 1);
  }

  @Test
  void aDeniedRequestNamesActionResourceAndPrincipalButNoValue() {
    responses.answer(403, "AccessDenied");

    assertThatThrownBy(() -> read("/data/country=Wakanda/x.parquet"))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> {
              assertThat(e.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING);
              assertThat(e.retryable()).isFalse();
            })
        .hasMessageContainingAll(
            "s3:GetObject", "arn:aws:s3:::" + name() + "/data/*", S3Local.CALLER, "AccessDenied")
        .hasMessageNotContaining("Wakanda")
        .hasMessageNotContaining("text of AWS");
  }

  @Test
  void anArnStartsWithThePartitionOfTheRegion() {
    responses.answer(403, "AccessDenied");
    try (S3Client inChina =
        S3Local.client(AwsLocal.emulator().endpoint(), Region.CN_NORTH_1, responses)) {
      S3Files chinese = S3Local.files(inChina);

      assertThatThrownBy(
              () -> chinese.newInputFile(bucket + "/data/x.parquet").newStream().readAllBytes())
          .hasMessageContaining("arn:aws-cn:s3:::" + name() + "/data/x.parquet");
      assertThatThrownBy(() -> chinese.listPrefix(bucket + "/data/").iterator().hasNext())
          .hasMessageContaining("arn:aws-cn:s3:::" + name() + ":");
    }
  }

  @Test
  void anExpiredTokenPassesForEveryRead() throws IOException {
    try (PositionOutputStream out = files.newOutputFile(bucket + "/one").create()) {
      out.write(bytes("one"));
    }
    try (AwsEmulator aws = AwsEmulator.start();
        S3Client expired = S3Local.client(aws.endpoint())) {
      aws.on("s3", "*").expireToken();
      S3Files read = S3Local.files(expired);

      assertPassing(() -> read.newInputFile(bucket + "/one").newStream().readAllBytes())
          .hasMessageContaining("ExpiredToken");
      assertPassing(() -> read.newInputFile(bucket + "/one").exists())
          .hasMessageContaining("ExpiredToken");
      assertPassing(() -> read.newInputFile(bucket + "/one").getLength())
          .hasMessageContaining("ExpiredToken");

      aws.reset();
      assertThat(read.newInputFile(bucket + "/one").exists()).isTrue();
    }
  }

  @Test
  void aRejectedLookupPassesIfTheFileCanBeRead() throws IOException {
    try (PositionOutputStream out = files.newOutputFile(bucket + "/one").create()) {
      out.write(bytes("one"));
    }
    files.newOutputFile(bucket + "/empty").create().close();
    try (AwsEmulator aws = AwsEmulator.start();
        S3Client renewed = S3Local.client(aws.endpoint())) {
      S3Files read = S3Local.files(renewed);
      aws.on("s3", "HeadObject").expireToken();

      assertPassing(() -> read.newInputFile(bucket + "/one").exists());
      assertPassing(() -> read.newInputFile(bucket + "/empty").exists());
      assertPassing(() -> read.newInputFile(bucket + "/missing").exists());
    }
  }

  @Test
  void throttlingPasses() {
    responses.answer(503, "SlowDown");

    assertThatThrownBy(() -> files.newInputFile(bucket + "/slow").getLength())
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> {
              assertThat(e.errorCode()).isEqualTo(ErrorCode.BACKEND_FAILED);
              assertThat(e.retryable()).isTrue();
            });
    assertThat(responses.sent).endsWith("GetObject", "GetObject", "GetObject");
  }

  @Test
  void aMissingBucketIsNotAMissingFile() {
    assertThatThrownBy(() -> files.newInputFile("s3://mesh-missing-0/x").newStream().readAllBytes())
        .isInstanceOf(BackendException.class)
        .isNotInstanceOf(NotFoundException.class)
        .hasMessageContainingAll("mesh-missing-0", "does not exist");
  }

  @Test
  void aFileThatWasReplacedIsNotReadFurther() throws IOException {
    try (PositionOutputStream out = files.newOutputFile(bucket + "/pointer").create()) {
      out.write(new byte[2_000_000]);
    }
    try (SeekableInputStream in = files.newInputFile(bucket + "/pointer").newStream()) {
      in.read();
      try (PositionOutputStream out =
          files.newOutputFile(bucket + "/pointer").createOrOverwrite()) {
        out.write(bytes("other"));
      }

      assertThatThrownBy(in::readAllBytes).isInstanceOf(BackendException.class);
    }
  }

  @Test
  void aRangeIsOneRequest() throws IOException {
    try (PositionOutputStream out = files.newOutputFile(bucket + "/columns").create()) {
      out.write(new byte[3_000_000]);
    }
    responses.sent.clear();

    try (SeekableInputStream in = files.newInputFile(bucket + "/columns").newStream()) {
      in.seek(1_000_000);
      assertThat(in.readNBytes(new byte[1_500_000], 0, 1_500_000)).isEqualTo(1_500_000);
      assertThat(((RangeReadable) in).readTail(new byte[8], 0, 8)).isEqualTo(8);
    }

    assertThat(responses.sent).containsExactly("GetObject", "GetObject");
  }

  @Test
  void aSmallFileAndItsLengthAreOneRequest() throws IOException {
    try (PositionOutputStream out = files.newOutputFile(bucket + "/manifest").create()) {
      out.write(bytes("manifest"));
    }
    responses.sent.clear();
    InputFile file = files.newInputFile(bucket + "/manifest");

    assertThat(file.getLength()).isEqualTo(8);
    byte[] fest = new byte[4];
    try (SeekableInputStream in = file.newStream()) {
      assertThat(in.readAllBytes()).isEqualTo(bytes("manifest"));
      ((RangeReadable) in).readFully(4, fest, 0, 4);
      assertThat(((RangeReadable) in).readTail(new byte[20], 0, 20)).isEqualTo(8);
      assertThat(in.read()).isNegative();
    }

    assertThat(fest).isEqualTo(bytes("fest"));
    assertThat(responses.sent).containsExactly("GetObject");
  }

  @Test
  void theLengthOfALargeFileComesWithItsEnd() throws IOException {
    byte[] content = new byte[1_000_000];
    new Random(SEED).nextBytes(content);
    try (PositionOutputStream out = files.newOutputFile(bucket + "/columns").create()) {
      out.write(content);
    }
    responses.sent.clear();
    InputFile file = files.newInputFile(bucket + "/columns");

    assertThat(file.getLength()).isEqualTo(content.length);
    byte[] end = new byte[64 << 10];
    byte[] middle = new byte[100];
    try (SeekableInputStream in = file.newStream()) {
      in.seek(content.length - end.length);
      assertThat(in.readNBytes(end, 0, end.length)).isEqualTo(end.length);
      assertThat(responses.sent).containsExactly("GetObject");
      in.seek(500_000);
      assertThat(in.readNBytes(middle, 0, middle.length)).isEqualTo(middle.length);
    }

    assertThat(end)
        .isEqualTo(Arrays.copyOfRange(content, content.length - end.length, content.length));
    assertThat(middle).isEqualTo(Arrays.copyOfRange(content, 500_000, 500_100));
    assertThat(responses.sent).containsExactly("GetObject", "GetObject");
  }

  @Test
  void aStreamThatWasOpenedBeforeTheLengthWasRequestedHasTheEnd() throws IOException {
    try (PositionOutputStream out = files.newOutputFile(bucket + "/manifest").create()) {
      out.write(bytes("manifest"));
    }
    responses.sent.clear();
    InputFile file = files.newInputFile(bucket + "/manifest");

    try (SeekableInputStream in = file.newStream()) {
      assertThat(file.getLength()).isEqualTo(8);
      assertThat(in.readNBytes(new byte[1 << 20], 0, 1 << 20)).isEqualTo(8);
    }

    assertThat(responses.sent).containsExactly("GetObject");
  }

  @Test
  void aFileThatExistsHasItsLengthFromTheSameRequest() throws IOException {
    try (PositionOutputStream out = files.newOutputFile(bucket + "/one").create()) {
      out.write(bytes("one"));
    }
    files.newOutputFile(bucket + "/empty").create().close();
    responses.sent.clear();
    InputFile one = files.newInputFile(bucket + "/one");

    assertThat(one.exists()).isTrue();
    assertThat(one.getLength()).isEqualTo(3);
    assertThat(responses.sent).containsExactly("HeadObject");
    assertThat(files.newInputFile(bucket + "/empty").getLength()).isZero();
  }

  @Test
  void aListingHasSeveralPages() throws IOException {
    ExecutionInterceptor pagesOfTwo =
        new ExecutionInterceptor() {
          @Override
          public SdkRequest modifyRequest(
              Context.ModifyRequest context, ExecutionAttributes attributes) {
            return context.request() instanceof ListObjectsV2Request list
                ? list.toBuilder().maxKeys(2).build()
                : context.request();
          }
        };
    for (int i = 0; i < 5; i++) {
      write("few/" + i);
    }

    try (S3Client paging = S3Local.client(pagesOfTwo, responses)) {
      List<String> found = new ArrayList<>();
      S3Local.files(paging)
          .listPrefix(bucket + "/few/")
          .forEach(file -> found.add(file.location()));
      assertThat(found).hasSize(5).doesNotHaveDuplicates();
    }
  }

  /** S3 deletes at most 1,000 files with one request. */
  @Test
  void aDeletionHasSeveralRequests() throws IOException {
    List<String> locations = new ArrayList<>();
    for (int i = 0; i < 1_003; i++) {
      locations.add(bucket + "/many/" + i);
    }
    write("many/0");
    write("many/1002");

    files.deleteFiles(locations);

    assertThat(files.listPrefix(bucket + "/many/")).isEmpty();
  }

  private void write(String key) {
    client.putObject(
        put -> put.bucket(name()).key(key),
        software.amazon.awssdk.core.sync.RequestBody.fromString("x"));
  }

  @Tag("nightly")
  @Test
  void moreThanAThousandFilesAreListedAndDeleted() throws IOException {
    for (int i = 0; i < 1_003; i++) {
      write("many/" + i);
    }

    List<String> found = new ArrayList<>();
    for (FileInfo file : files.listPrefix(bucket + "/many/")) {
      found.add(file.location());
    }
    assertThat(found).hasSize(1_003).doesNotHaveDuplicates();

    files.deletePrefix(bucket + "/many/");
    assertThat(files.listPrefix(bucket + "/many/")).isEmpty();
  }

  private static AbstractThrowableAssert<?, ?> assertPassing(ThrowingCallable read) {
    return assertThatThrownBy(read)
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> {
              assertThat(e.errorCode()).isEqualTo(ErrorCode.BACKEND_FAILED);
              assertThat(e.retryable()).isTrue();
            });
  }

  private String name() {
    return bucket.substring("s3://".length());
  }

  private String read(String name) throws IOException {
    try (SeekableInputStream in = files.newInputFile(bucket + name).newStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Records requests, and replaces their responses. */
  private static final class Responses implements ExecutionInterceptor {
    final List<String> sent = new ArrayList<>();

    /** The time-outs of attempts that a request has itself. */
    final Map<String, Duration> timeouts = new TreeMap<>();

    private String lost;
    private int status;
    private String code;

    /** Replaces the next response to this request by status 500, after its effect. */
    void lose(String operation) {
      lost = operation;
    }

    /** Replaces all further responses. */
    void answer(int newStatus, String newCode) {
      status = newStatus;
      code = newCode;
    }

    @Override
    public void beforeTransmission(
        Context.BeforeTransmission context, ExecutionAttributes attributes) {
      String operation = context.request().getClass().getSimpleName().replace("Request", "");
      sent.add(operation);
      context
          .request()
          .overrideConfiguration()
          .flatMap(settings -> settings.apiCallAttemptTimeout())
          .ifPresent(time -> timeouts.put(operation, time));
    }

    @Override
    public SdkHttpResponse modifyHttpResponse(
        Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
      String operation = context.request().getClass().getSimpleName().replace("Request", "");
      if (operation.equals(lost)) {
        lost = null;
        return withStatus(context, 500);
      }
      return status == 0 ? context.httpResponse() : withStatus(context, status);
    }

    @Override
    public Optional<java.io.InputStream> modifyHttpResponseContent(
        Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
      return status == 0
          ? context.responseBody()
          : Optional.of(
              new ByteArrayInputStream(
                  bytes("<Error><Code>" + code + "</Code><Message>text of AWS</Message></Error>")));
    }

    private static SdkHttpResponse withStatus(Context.ModifyHttpResponse context, int status) {
      return ((SdkHttpFullResponse) context.httpResponse().toBuilder().statusCode(status).build());
    }
  }
}
