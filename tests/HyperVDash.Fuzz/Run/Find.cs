namespace HyperVDash.Fuzz.Run;

/// <summary>An input that did harm, made as small as it goes.</summary>
/// <param name="Signature">What two finds of one fault have in common.</param>
/// <param name="What">What happened, for a person.</param>
internal sealed record Find(string Target, string Signature, string What, byte[] Input);
