namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>Device ids that are the same in every VM.</summary>
internal static class WellKnown
{
    public const string Ide = "83F8638B-8DCA-4152-9EDA-2CA8B33039B4";
    public const string Floppy = "8F0D2762-0B00-4E04-AF4F-19010527CB93";
    public const string Serial = "8E3A359F-559A-4B6A-98A9-1690A6100ED7";
    public const string EmulatedVideo = "7D80D3DB-61EE-4879-8879-5609F1100AD0";
    public const string SyntheticVideo = "F3CF6965-E8D3-44A9-9B7D-A04245EA7525";
    public const string Keyboard = "DE6CDC86-E1FB-4940-801B-C3C1A26C4DA4";
    public const string Mouse = "655BC5C5-A784-46B7-81BC-E26328F7EB0E";
    public const string SyntheticMouse = "58F75A6D-D949-4320-99E1-A2A2576D581C";

    // Hosts write these two in lower case, the devices themselves in upper case.
    public const string Memory = "4764334d-e001-4176-82ee-5594ec9b530e";
    public const string Processor = "b637f346-6a0e-4dec-af52-bd70cb80a21d";
    public const string HostDisk = "353B3BE8-310C-4cf4-839E-4E1B14616136";
    public const string Heartbeat = "84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47";
    public const string KeyValuePairs = "2A34B1C2-FD73-4043-8A5B-DD2159BC743F";
    public const string Shutdown = "9F8233AC-BE49-4C79-8EE3-E7E1985B2077";
    public const string TimeSync = "2497F4DE-E9FA-4204-80E4-4B75C46419C0";
    public const string Backup = "5CED1297-4598-4915-A5FC-AD21BB4D02A4";
    public const string GuestService = "6C09BB55-D683-4DA0-8931-C9BF705F6480";

    /// <summary>Secure Boot templates.</summary>
    public static readonly Guid WindowsTemplate = new("1734c6e8-3154-4dda-ba5f-a874cc483422");
    public static readonly Guid UefiTemplate = new("272e7447-90a4-4563-a4b9-8e4ab00526ce");
    public static readonly Guid ShieldedLinuxTemplate = new("4292ae2b-ee2c-42b5-a969-dd8f8689f6f3");

    public static readonly DateTimeOffset Never = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);
}
