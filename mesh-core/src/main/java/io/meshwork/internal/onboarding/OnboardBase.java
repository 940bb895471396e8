package io.meshwork.internal.onboarding;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.error.Finding;
import io.meshwork.product.ContractVersion;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.io.FileInfo;

/**
 * What an onboarding is based on. Immutable, except for what its source remembers.
 *
 * @param listed all files at the location
 * @param source the files to register
 * @param differing findings on registered files that changed or are missing
 * @param notes findings on files that are not registered: with the content of others, or in folders
 *     that cannot be read; and on what was proposed
 * @param version the version of the contract
 * @param partitions the columns in the names of folders, of a product that does not exist
 * @param exists whether the product exists
 */
record OnboardBase(
    ListedFiles listed,
    RegisteredSource source,
    Contract contract,
    ContractVersion version,
    Schema schema,
    PartitionSpec spec,
    List<Finding> differing,
    List<Finding> notes,
    List<Partition> partitions,
    boolean exists) {
  OnboardBase {
    differing = List.copyOf(differing);
    notes = List.copyOf(notes);
    partitions = List.copyOf(partitions);
  }

  /** The same with only some of the files. */
  OnboardBase of(List<FileInfo> files) {
    return new OnboardBase(
        listed,
        source.of(files),
        contract,
        version,
        schema,
        spec,
        differing,
        notes,
        partitions,
        exists);
  }

  /** The findings on files that are listed or were, and are not registered. */
  List<Finding> notRegistered() {
    List<Finding> all = new ArrayList<>(differing);
    all.addAll(notes);
    return all;
  }

  /** The files to register, in lists of at most so many, in order. */
  List<List<FileInfo>> parts(int filesPerCommit) {
    List<FileInfo> files = source.files();
    List<List<FileInfo>> parts = new ArrayList<>();
    for (int from = 0; from < files.size(); from += filesPerCommit) {
      parts.add(files.subList(from, Math.min(files.size(), from + filesPerCommit)));
    }
    return parts;
  }
}
