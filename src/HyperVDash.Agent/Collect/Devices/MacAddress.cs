namespace HyperVDash.Agent.Collect.Devices;

/// <summary>Hardware addresses in one spelling: twelve upper-case digits.</summary>
internal static class MacAddress
{
    public static string? Normalise(string? text)
    {
        if (text is null)
        {
            return null;
        }

        string digits = string.Concat(text.Where(char.IsAsciiHexDigit)).ToUpperInvariant();
        return digits.Length == 12 ? digits : null;
    }
}
