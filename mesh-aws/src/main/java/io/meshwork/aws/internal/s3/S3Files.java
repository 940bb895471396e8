package io.meshwork.aws.internal.s3;

import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.DomainEntry.PlaceOwner;
import io.meshwork.internal.table.MeshTables.OwnedFiles;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.io.BulkDeletionFailureException;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SupportsBulkOperations;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Iceberg's {@code FileIO} on S3. Locations are {@code s3://bucket/key}. A new file never replaces
 * an existing one: the request that makes it visible has the condition {@code If-None-Match}, and
 * the object has the ID of its write, by which a write whose response was lost recognizes itself.
 * Thread-safe, and serializable for engines; a copy opens its client with {@link S3Access}.
 */
public class S3Files implements SupportsPrefixOperations, SupportsBulkOperations, OwnedFiles {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(S3Files.class);

  /** The most keys of a DeleteObjects request. */
  private static final int MAX_DELETIONS = 1_000;

  /** Who sends the requests of a copy. */
  static final String OTHER_PROCESS = "the role of this process";

  private final S3Access access;
  private transient volatile @Nullable S3Client client;

  /** Null in a copy. */
  private final transient @Nullable String caller;

  /** True for a copy, which closes the client that it opened. */
  private transient boolean ownsClient;

  /**
   * Creates files.
   *
   * @param client sends the requests; its creator closes it
   * @param caller who sends them, such as {@code 222222222222/commerce-etl}
   * @param access how copies in other processes open a client
   */
  public S3Files(S3Client client, String caller, S3Access access) {
    this.client = client;
    this.caller = caller;
    this.access = access;
  }

  /** Returns the client; a copy opens it at the first request. */
  private S3Client client() {
    S3Client current = client;
    if (current != null) {
      return current;
    }
    synchronized (this) {
      S3Client opened = client;
      if (opened == null) {
        opened = access.open();
        ownsClient = true;
        client = opened;
      }
      return opened;
    }
  }

  private S3Requests requests() {
    return new S3Requests(client(), failure());
  }

  private S3Failure failure() {
    String name = caller;
    return new S3Failure(
        name == null ? OTHER_PROCESS : name, client().serviceClientConfiguration().region());
  }

  /** Returns none. Iceberg asks at each manifest, and the default throws an exception each time. */
  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public InputFile newInputFile(String location) {
    return new S3InputFile(requests(), location, -1);
  }

  @Override
  public InputFile newInputFile(String location, long length) {
    return new S3InputFile(requests(), location, length);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return new S3OutputFile(requests(), location);
  }

  /** Deletes a file, if it exists. */
  @Override
  public void deleteFile(String location) {
    S3Location file = S3Location.parse(location);
    try {
      client().deleteObject(request -> request.bucket(file.bucket()).key(file.key()));
    } catch (RuntimeException e) {
      if (!S3Failure.isMissing(e)) {
        throw failure().of(Verb.DELETE, file, "s3:DeleteObject", e);
      }
    }
  }

  @Override
  public void deleteFiles(Iterable<String> locations) {
    Map<String, List<ObjectIdentifier>> keys = new HashMap<>();
    int failed = 0;
    for (String location : locations) {
      S3Location file = S3Location.parse(location);
      List<ObjectIdentifier> batch =
          keys.computeIfAbsent(file.bucket(), bucket -> new ArrayList<>());
      batch.add(ObjectIdentifier.builder().key(file.key()).build());
      if (batch.size() == MAX_DELETIONS) {
        failed += delete(file.bucket(), batch);
        batch.clear();
      }
    }
    for (Map.Entry<String, List<ObjectIdentifier>> rest : keys.entrySet()) {
      failed += rest.getValue().isEmpty() ? 0 : delete(rest.getKey(), rest.getValue());
    }
    if (failed > 0) {
      throw new BulkDeletionFailureException(failed);
    }
  }

  /** Deletes objects, and returns how many could not be deleted. */
  private int delete(String bucket, List<ObjectIdentifier> keys) {
    try {
      DeleteObjectsResponse response =
          client()
              .deleteObjects(
                  request ->
                      request
                          .bucket(bucket)
                          .delete(deletion -> deletion.objects(keys).quiet(true)));
      if (!response.errors().isEmpty()) {
        LOG.warn(
            "{} of {} files in the bucket '{}' were not deleted; the first error is {}.",
            response.errors().size(),
            keys.size(),
            bucket,
            response.errors().get(0).code());
      }
      return response.errors().size();
    } catch (RuntimeException e) {
      LOG.warn(
          "{} files in the bucket '{}' were not deleted: {}.",
          keys.size(),
          bucket,
          AwsFailure.describe(e));
      return keys.size();
    }
  }

  /** Lists all files whose location starts with a prefix, page by page. */
  @Override
  public Iterable<FileInfo> listPrefix(String prefix) {
    S3Location folder = S3Location.parse(prefix);
    return () -> {
      try {
        Iterator<S3Object> objects =
            client()
                .listObjectsV2Paginator(
                    request -> request.bucket(folder.bucket()).prefix(folder.key()))
                .contents()
                .iterator();
        return new ListedFiles(folder, objects);
      } catch (RuntimeException e) {
        throw listFailure(folder, e);
      }
    };
  }

  @Override
  public Optional<PlaceOwner> findOwner(String root, List<String> accounts) {
    return S3BucketOwner.find(client(), S3Location.parse(root).bucket(), accounts);
  }

  @Override
  public void deletePrefix(String prefix) {
    List<String> locations = new ArrayList<>();
    listPrefix(prefix).forEach(file -> locations.add(file.location()));
    deleteFiles(locations);
  }

  /** Closes the client of a copy. */
  @Override
  public void close() {
    S3Client opened = client;
    if (ownsClient && opened != null) {
      opened.close();
    }
  }

  private RuntimeException listFailure(S3Location folder, RuntimeException failure) {
    return failure().ofBucket(Verb.LIST, folder, "s3:ListBucket", failure);
  }

  /** The files of a listing; the next page is requested when it is needed. */
  private final class ListedFiles implements Iterator<FileInfo> {
    private final S3Location folder;
    private final Iterator<S3Object> objects;

    ListedFiles(S3Location folder, Iterator<S3Object> objects) {
      this.folder = folder;
      this.objects = objects;
    }

    @Override
    public boolean hasNext() {
      try {
        return objects.hasNext();
      } catch (RuntimeException e) {
        throw listFailure(folder, e);
      }
    }

    @Override
    public FileInfo next() {
      S3Object object = objects.next();
      return new FileInfo(
          folder.of(object.key()).toString(), object.size(), object.lastModified().toEpochMilli());
    }
  }

  /** How a copy of the files in another process opens a client, as the role of that process. */
  public interface S3Access extends Serializable {
    /** Opens a client, which the caller closes. */
    S3Client open();
  }
}
