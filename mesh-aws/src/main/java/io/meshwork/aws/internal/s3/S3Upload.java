package io.meshwork.aws.internal.s3;

import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.error.MeshAction.Verb;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * The upload of one file. The object carries the ID of its write: after a response that is lost, or
 * that says that the file exists, the ID tells whether this upload created it. Not thread-safe.
 */
final class S3Upload {
  private static final Logger LOG = LoggerFactory.getLogger(S3Upload.class);
  private static final String WRITE_ID = "meshwork-write";
  private static final String PUT = "s3:PutObject";
  private static final String ABSENT = "*";

  /** S3 requires that an upload declares the algorithm of its parts. */
  private static final ChecksumAlgorithm CHECKSUM = ChecksumAlgorithm.CRC32;

  /** How much longer S3 may take to join the parts of a file than for other requests. */
  private static final int JOIN_TIMES = 10;

  private final S3Requests requests;
  private final S3Client client;
  private final S3Location file;
  private final boolean overwrite;
  private final String writeId = UUID.randomUUID().toString();
  private final List<CompletedPart> parts = new ArrayList<>();
  private @Nullable String uploadId;

  S3Upload(S3Requests requests, S3Location file, boolean overwrite) {
    this.requests = requests;
    this.client = requests.client();
    this.file = file;
    this.overwrite = overwrite;
  }

  String describe() {
    return "The file '" + file.withoutValues() + "'";
  }

  /** Uploads a part that is followed by others. */
  void add(PartBuffer part) throws IOException {
    String upload = uploadId == null ? begin() : uploadId;
    int number = parts.size() + 1;
    RequestBody body = part.body();
    try {
      UploadPartResponse response =
          client.uploadPart(
              request ->
                  request
                      .bucket(file.bucket())
                      .key(file.key())
                      .uploadId(upload)
                      .partNumber(number)
                      .checksumAlgorithm(CHECKSUM),
              body);
      parts.add(
          CompletedPart.builder()
              .partNumber(number)
              .eTag(response.eTag())
              .checksumCRC32(response.checksumCRC32())
              .build());
    } catch (RuntimeException e) {
      throw requests.failure().of(Verb.WRITE, file, PUT, e);
    }
  }

  /**
   * Creates the file from the parts and the last bytes.
   *
   * @throws AlreadyExistsException if another write created it
   */
  void complete(PartBuffer rest) throws IOException {
    if (uploadId == null) {
      RequestBody body = rest.body();
      settle(() -> put(body));
      return;
    }
    boolean done = false;
    try {
      if (rest.size() > 0) {
        add(rest);
      }
      settle(this::join);
      done = true;
    } finally {
      if (!done) {
        abort();
      }
    }
  }

  /** Removes the uploaded parts; a failure is logged, because the bucket removes them later. */
  void abort() {
    String upload = uploadId;
    if (upload == null) {
      return;
    }
    try {
      client.abortMultipartUpload(
          request -> request.bucket(file.bucket()).key(file.key()).uploadId(upload));
    } catch (RuntimeException e) {
      LOG.debug("An upload was not aborted: {}.", AwsFailure.describe(e));
    }
  }

  private String begin() {
    try {
      String created =
          client
              .createMultipartUpload(
                  request ->
                      request
                          .bucket(file.bucket())
                          .key(file.key())
                          .metadata(metadata())
                          .checksumAlgorithm(CHECKSUM))
              .uploadId();
      uploadId = created;
      return created;
    } catch (RuntimeException e) {
      throw requests.failure().of(Verb.WRITE, file, PUT, e);
    }
  }

  private void put(RequestBody body) {
    client.putObject(
        request ->
            request
                .bucket(file.bucket())
                .key(file.key())
                .metadata(metadata())
                .ifNoneMatch(overwrite ? null : ABSENT),
        body);
  }

  private void join() {
    client.completeMultipartUpload(
        request ->
            request
                .overrideConfiguration(this::extend)
                .bucket(file.bucket())
                .key(file.key())
                .uploadId(uploadId)
                .multipartUpload(upload -> upload.parts(parts))
                .ifNoneMatch(overwrite ? null : ABSENT));
  }

  /** S3 may take minutes to join many parts. */
  private void extend(AwsRequestOverrideConfiguration.Builder request) {
    ClientOverrideConfiguration settings =
        client.serviceClientConfiguration().overrideConfiguration();
    settings
        .apiCallAttemptTimeout()
        .ifPresent(time -> request.apiCallAttemptTimeout(time.multipliedBy(JOIN_TIMES)));
    settings
        .apiCallTimeout()
        .ifPresent(time -> request.apiCallTimeout(time.multipliedBy(JOIN_TIMES)));
  }

  /** Sends the request that makes the file visible, and settles a response that leaves it open. */
  private void settle(Runnable request) {
    try {
      request.run();
    } catch (RuntimeException e) {
      if (isOpen(e) && isOurs(e)) {
        return;
      }
      if (S3Failure.statusOf(e) == S3Failure.PRECONDITION_FAILED) {
        throw new AlreadyExistsException(e, "File '%s' already exists; it was not changed", file);
      }
      throw requests.failure().of(Verb.WRITE, file, PUT, e);
    }
  }

  /** A delivery whose response was lost may have succeeded; the SDK then sends a second one. */
  private static boolean isOpen(RuntimeException failure) {
    return S3Failure.statusOf(failure) == S3Failure.PRECONDITION_FAILED
        || S3Failure.statusOf(failure) == S3Failure.CONFLICT
        || S3Failure.isMissing(failure) // the multipart upload is complete
        || AwsFailure.isPassing(failure);
  }

  private boolean isOurs(RuntimeException response) {
    try {
      Optional<HeadObjectResponse> existing = requests.head(file);
      return existing.isPresent() && writeId.equals(existing.get().metadata().get(WRITE_ID));
    } catch (RuntimeException e) {
      e.addSuppressed(response);
      throw e;
    }
  }

  private Map<String, String> metadata() {
    return Map.of(WRITE_ID, writeId);
  }
}
