package io.meshwork.hadoop;

import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Whether parquet-hadoop finds the class of a codec, some of which are in other libraries. */
final class CodecCheck {
  private CodecCheck() {}

  /** Throws if the class of a column's codec is not on the class path. */
  static void check(CompressionCodecName codec, String column, FileErrors errors) {
    String name = codec.getHadoopCompressionCodecClassName();
    if (name != null && !isPresent(name)) {
      throw errors.malformed(
          "column "
              + column
              + " has the codec "
              + codec
              + ", and its class "
              + name
              + " is not on the class path",
          "Add the library with this class, or write the file again with another codec.",
          null);
    }
  }

  private static boolean isPresent(String name) {
    try {
      Class.forName(name, false, CodecCheck.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
