package io.meshwork.aws.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.aws.EmulatedClients;
import io.meshwork.testkit.aws.AwsEmulator;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** Conditional writes of one key at the same time, through two endpoints of the emulator. */
class AwsConcurrentWritesTest {
  private static final String ACCOUNT = "222222222222";
  private static final int WRITERS = 8;
  private static final int ROUNDS = 12;

  private final String bucket = "b-" + UUID.randomUUID();
  private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
  private AwsEmulator first;
  private AwsEmulator second;
  private S3Client even;
  private S3Client odd;

  @BeforeEach
  void open() {
    first = AwsEmulator.start();
    second = AwsEmulator.start();
    even = EmulatedClients.administrator(first, ACCOUNT).s3();
    odd = EmulatedClients.administrator(second, ACCOUNT).s3();
    even.createBucket(request -> request.bucket(bucket));
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    if (even != null) { // null if the emulator is missing
      even.close();
      odd.close();
      first.close();
      second.close();
    }
  }

  @Test
  void ofManyPutsOfAKeyOneCreatesIt() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String key = "put/" + round;

      List<Integer> statuses = atOnce(s3 -> () -> put(s3, key));

      assertOneWinner(statuses);
    }
  }

  @Test
  void ofManyUploadsOfAKeyOneCreatesIt() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String key = "upload/" + round;

      List<Integer> statuses = atOnce(s3 -> upload(s3, key));

      assertOneWinner(statuses);
    }
  }

  private static void assertOneWinner(List<Integer> statuses) {
    assertThat(statuses).hasSize(WRITERS).containsOnly(200, 412).containsOnlyOnce(200);
  }

  /** Prepares the writers one after the other, and then runs all of them at once. */
  private List<Integer> atOnce(Writer writer) throws InterruptedException, ExecutionException {
    CyclicBarrier ready = new CyclicBarrier(WRITERS);
    List<Future<Integer>> running = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      Callable<Integer> write = writer.prepare(i % 2 == 0 ? even : odd);
      running.add(
          threads.submit(
              () -> {
                ready.await();
                return write.call();
              }));
    }
    List<Integer> statuses = new ArrayList<>();
    for (Future<Integer> each : running) {
      statuses.add(each.get());
    }
    return statuses;
  }

  private int put(S3Client s3, String key) {
    return status(
        () ->
            s3.putObject(
                r -> r.bucket(bucket).key(key).ifNoneMatch("*"), RequestBody.fromString("x")));
  }

  private Callable<Integer> upload(S3Client s3, String key) {
    ChecksumAlgorithm crc32 = ChecksumAlgorithm.CRC32;
    String id =
        s3.createMultipartUpload(r -> r.bucket(bucket).key(key).checksumAlgorithm(crc32))
            .uploadId();
    UploadPartResponse sent =
        s3.uploadPart(
            r -> r.bucket(bucket).key(key).uploadId(id).partNumber(1).checksumAlgorithm(crc32),
            RequestBody.fromString("x"));
    CompletedPart part =
        CompletedPart.builder()
            .partNumber(1)
            .eTag(sent.eTag())
            .checksumCRC32(sent.checksumCRC32())
            .build();
    return () ->
        status(
            () ->
                s3.completeMultipartUpload(
                    r ->
                        r.bucket(bucket)
                            .key(key)
                            .uploadId(id)
                            .ifNoneMatch("*")
                            .multipartUpload(parts -> parts.parts(part))));
  }

  private static int status(Runnable request) {
    try {
      request.run();
      return 200;
    } catch (S3Exception e) {
      return e.statusCode();
    }
  }

  /** A write that is prepared before it is sent. */
  private interface Writer {
    Callable<Integer> prepare(S3Client s3);
  }
}
