using System.Xml;

namespace HyperVDash.Cim.WsMan;

/// <summary>Reads on as long as an answer is no deeper than hosts make it; each level costs the reader memory.</summary>
internal static class EnvelopeDepth
{
    // An instance in a batch, with a reference to an instance whose key is a reference, stands some twenty deep.
    private const int Max = 64;

    /// <summary>As <see cref="XmlReader.Read"/>.</summary>
    /// <exception cref="XmlException">The text is not XML, or nested too deeply.</exception>
    public static bool ReadWithin(this XmlReader reader) =>
        reader.Read() && (reader.Depth <= Max ? true : throw new XmlException("The answer is nested too deeply."));
}
