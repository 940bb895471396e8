package io.meshwork.aws.internal.s3;

import java.io.Serializable;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * Names the key of the configuration in each request that creates an object in one bucket: the
 * policy of a bucket can demand it, whatever its default encryption. Other buckets have keys that
 * this configuration does not know, and encrypt by default. Immutable.
 */
public record S3Encryption(String bucket, String key)
    implements ExecutionInterceptor, Serializable {
  @Override
  public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
    SdkRequest request = context.request();
    if (request instanceof PutObjectRequest put && bucket.equals(put.bucket())) {
      return put.toBuilder()
          .serverSideEncryption(ServerSideEncryption.AWS_KMS)
          .ssekmsKeyId(key)
          .bucketKeyEnabled(true)
          .build();
    }
    if (request instanceof CreateMultipartUploadRequest begin && bucket.equals(begin.bucket())) {
      return begin.toBuilder()
          .serverSideEncryption(ServerSideEncryption.AWS_KMS)
          .ssekmsKeyId(key)
          .bucketKeyEnabled(true)
          .build();
    }
    return request;
  }
}
