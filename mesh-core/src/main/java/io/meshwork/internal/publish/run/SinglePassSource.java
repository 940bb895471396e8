package io.meshwork.internal.publish.run;

import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.RowInput;
import org.apache.iceberg.Schema;

/** A source that belongs to the caller and can be read once. */
abstract class SinglePassSource implements RowSource {
  private final String name;
  private boolean opened;

  /** Creates a source. {@code name} is what it is, for messages. */
  SinglePassSource(String name) {
    this.name = name;
  }

  /** Reads the source, called once. */
  abstract RowInput read(
      Contract contract, Schema columns, boolean ignoreUnknownColumns, MeshAction action);

  @Override
  public final RowInput open(
      Contract contract, Schema columns, boolean ignoreUnknownColumns, MeshAction action) {
    if (opened) {
      throw Failure.of(action)
          .because("plan() read the " + name + ", whose rows are returned once")
          .state("Nothing was published.")
          .fix("Create the operation again, and read or query the rows again.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    opened = true;
    return read(contract, columns, ignoreUnknownColumns, action);
  }

  @Override
  public final String fingerprint(MeshAction action) {
    return READ_ONCE;
  }

  /** Does nothing: the caller closes the source. */
  @Override
  public final void discard() {}
}
