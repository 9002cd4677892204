namespace HyperVDash.Cim.Mmi;

/// <summary>What an account needs that may read Hyper-V, and how it gets it.</summary>
internal static class MmiRights
{
    public const string Local =
        "The account needs Hyper-V Administrators (S-1-5-32-578): net localgroup \"Hyper-V Administrators\" DOMAIN\\user /add, then sign in anew; or start this as administrator.";

    public const string Remote =
        "The account needs Hyper-V Administrators, Remote Management Users and Remote Enable on the namespace.";
}
