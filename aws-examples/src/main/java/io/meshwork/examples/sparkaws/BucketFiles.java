package io.meshwork.examples.sparkaws;

import io.meshwork.testkit.aws.AwsEmulator;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The data files in a bucket, as the administrator of its account lists them.
 *
 * @param aws the emulator
 * @param account 12 digits
 * @param root the location of the bucket
 */
record BucketFiles(AwsEmulator aws, String account, String root) {
  /** Returns the locations of the data files in a folder of the mesh. */
  Set<String> below(String folder) {
    String bucket = root.substring("s3://".length());
    try (S3Client s3 =
        S3Client.builder()
            .endpointOverride(aws.endpoint())
            .forcePathStyle(true)
            .region(Region.of(aws.region()))
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(aws.accessKey(account), aws.secretKey(account))))
            .build()) {
      return s3
          .listObjectsV2Paginator(list -> list.bucket(bucket).prefix("data/" + folder))
          .contents()
          .stream()
          .map(object -> root + "/" + object.key())
          .filter(location -> location.endsWith(".parquet"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
