package io.meshwork.internal.publish.run;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import java.time.Duration;
import org.apache.iceberg.io.FileIO;

/**
 * What all steps of one publish share.
 *
 * @param options the options of the publish
 * @param rows the source of its rows
 * @param files where data files are written
 * @param publishId the ID of the publish
 */
public record PublishContext(
    ClientSession session,
    ProductName product,
    PublishOptions options,
    RowSource rows,
    FileIO files,
    String publishId,
    Deadline deadline,
    MeshAction action) {
  /** Begins a publish, with a new ID and its deadline. */
  public static PublishContext begin(
      ClientSession session,
      ProductName product,
      PublishOptions options,
      RowSource rows,
      MeshAction action) {
    Duration timeout = options.timeout();
    Deadline deadline =
        session.runtime().startDeadline(timeout == null ? session.runtime().deadline() : timeout);
    String id = session.runtime().ids().next();
    FileIO files = session.files();
    return new PublishContext(session, product, options, rows, files, id, deadline, action);
  }

  /** The same publish, which writes no file, for a plan. */
  public PublishContext withoutFiles() {
    FileIO none = new PlanFileIO(files);
    return new PublishContext(session, product, options, rows, none, publishId, deadline, action);
  }

  /** The key under which the publish is committed once. */
  public String idempotencyKey() {
    String key = options.key();
    return key == null ? publishId : key;
  }
}
