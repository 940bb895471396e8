package io.meshwork.internal.publish;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import java.util.Map;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * What all steps of one publish share.
 *
 * @param options the options of the publish
 * @param files where data files are written
 * @param publishId the ID of the publish
 * @param bases for a staged publish, the state of each major version at the time of staging;
 *     otherwise empty
 * @param republished the quarantined rows that are published again; null for other sources
 */
record PublishContext(
    ClientSession session,
    ProductName product,
    PublishOptions options,
    FileIO files,
    String publishId,
    Map<Integer, BaseState> bases,
    @Nullable RepublishedSource republished,
    Deadline deadline,
    MeshAction action) {}
