package io.meshwork.aws.cost;

import io.meshwork.aws.CountingInterceptor.Usage;
import java.util.Map;

/** What AWS charges for requests without a discount or a free tier, in US dollars. */
final class AwsListPrices {
  static final String REGION = "us-east-1";
  static final String PUBLISHED = "November 2024";
  static final String[] SOURCES = {
    "https://aws.amazon.com/dynamodb/pricing/on-demand/", "https://aws.amazon.com/s3/pricing/"
  };

  /** Of a million units of tables that are billed per request. */
  private static final double READ_UNITS = 0.125;

  private static final double WRITE_UNITS = 0.625;

  /** Of a million requests for objects of the storage class Standard. */
  private static final Map<String, Double> S3_REQUESTS =
      Map.of("GetObject", 0.4, "HeadObject", 0.4, "PutObject", 5.0, "ListObjectsV2", 5.0);

  private AwsListPrices() {}

  /** Returns the price of a million operations, each of which uses this. */
  static double ofAMillion(Usage usage) {
    double price = usage.readUnits() * READ_UNITS + usage.writeUnits() * WRITE_UNITS;
    for (Map.Entry<String, Integer> requests : usage.s3().entrySet()) {
      price += requests.getValue() * S3_REQUESTS.get(requests.getKey());
    }
    return price;
  }
}
