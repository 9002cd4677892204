namespace HyperVDash.Lab.WsMan;

/// <summary>What WinRM refuses before it looks at the operation.</summary>
internal static class RequestRules
{
    private const int MinEnvelope = 8192;

    public static void Check(SoapRequest request)
    {
        if (request.NotUnderstood is { } header)
        {
            throw new SoapFault("s:MustUnderstand", 0x80338010, $"The header {header} is not understood.");
        }

        if (request.MustUnderstandLocale)
        {
            throw new SoapFault("w:UnsupportedFeature", 0x80338087, "mustUnderstand is not supported on the Locale header.");
        }

        if (string.IsNullOrWhiteSpace(request.MessageId))
        {
            throw new SoapFault("a:InvalidMessageInformationHeader", 0x8033800F, "The MessageID header is missing or empty.");
        }

        if (!request.HasReplyTo || request.Action.Length == 0)
        {
            throw new SoapFault("a:MessageInformationHeaderRequired", 0x80338011, "A required addressing header is missing.");
        }

        if (request.ReplyTo is { } address && address != Names.Anonymous)
        {
            throw new SoapFault("w:UnsupportedFeature", 0x80338042, "Only anonymous replies are supported.");
        }

        if (request.MaxEnvelopeSize is < MinEnvelope)
        {
            throw new SoapFault("w:EncodingLimit", 0x8033807E, "MaxEnvelopeSize is smaller than 8192.");
        }

        if (request.HasOptionThatMustBeObeyed)
        {
            throw new SoapFault("w:InvalidOptions", 0x8033803E, "An option of a CIM resource must not demand compliance.");
        }
    }

    /// <summary>A namespace in the URI and another one in the selector is no question at all.</summary>
    public static void Check(SoapRequest request, Resource resource)
    {
        if (request.Selectors.TryGetValue("__cimnamespace", out string? named)
            && !named.Replace('\\', '/').Equals(resource.Namespace, StringComparison.OrdinalIgnoreCase))
        {
            throw new SoapFault("w:InvalidSelectors", 0x8033813B, "The __cimnamespace selector names another namespace than the resource URI.");
        }
    }
}
